import SystemIO

/// A connection to one node, with the bytes on their way in both directions. There is never more
/// than one call on it, so what has been received is the beginning of one response.
final class NodeConnection {
    let node: NodePlace
    let socket: StreamSocket
    var registration: Registration?
    var output = OutputBuffer(byteLimit: 1 << 20)
    /// Room for a response, of which the first `receivedCount` bytes are there.
    private(set) var input = [UInt8](repeating: 0, count: inputBytesUsual)
    private(set) var receivedCount = 0

    /// More than an answer to a hold or an order takes.
    private static let inputBytesUsual = 4_096

    init(node: NodePlace, socket: consuming StreamSocket) {
        self.node = node
        self.socket = socket
    }

    /// Receives once, behind what is there.
    func receive() throws(SystemError) -> Received {
        if receivedCount == input.count {
            input.append(contentsOf: repeatElement(0, count: input.count))
        }
        let received = try socket.receive(into: &input, at: receivedCount)
        if case .bytes(let count) = received { receivedCount += count }
        return received
    }

    /// Looks at what has been received.
    func scan() -> ResponseScan {
        // A span may not outlive the access to a class's property; one to a variable may.
        let bytes = input
        return ResponseScan(bytes.span.extracting(0..<receivedCount))
    }

    /// Makes room for the next response.
    func forgetInput() { receivedCount = 0 }
}

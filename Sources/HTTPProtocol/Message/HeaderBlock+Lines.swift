/// A message's headers between this process and another of ours.
extension HeaderBlock {
    /// The lines as names and values, in order.
    package var lines: [(name: String, value: String)] {
        var text = bytes[...]
        var lines: [(name: String, value: String)] = []
        while let end = text.firstIndex(of: ASCII.carriageReturn) {
            let line = text[..<end]
            if let colon = line.firstIndex(of: ASCII.colon) {
                lines.append(
                    (
                        String(decoding: line[..<colon], as: UTF8.self),
                        String(decoding: line[(colon + 2)...], as: UTF8.self)
                    ))
            }
            text = text[end...].dropFirst(2)
        }
        return lines
    }

    /// Appends the lines in wire form.
    package func append(to output: inout [UInt8]) { output.append(contentsOf: bytes) }

    /// Appends a line that another process rendered. False, and nothing is appended, when the name
    /// is no token, the value holds a control character, or the line says where a message ends:
    /// that is for its writer to say.
    package mutating func add(received name: String, _ value: String) -> Bool {
        guard !name.isEmpty, name.utf8.allSatisfy(ASCIISet.token.contains),
            !equalsIgnoringCase(name.utf8, "content-length"),
            !equalsIgnoringCase(name.utf8, "transfer-encoding"),
            let value = HTTPHeaderValue(value)
        else { return false }
        bytes.append(contentsOf: name.utf8)
        bytes.append(ASCII.colon)
        bytes.append(ASCII.space)
        bytes.append(contentsOf: value.text.utf8)
        bytes.appendLineEnd()
        return true
    }
}

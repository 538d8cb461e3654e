import Fuzzing
import Primitives

/// An input that once broke something, and what that was. `scripts/fuzz` prints the line to add.
struct Finding: Sendable {
    let target: FuzzTarget
    let input: [UInt8]

    init(_ target: FuzzTarget, _ hex: String) {
        self.target = target
        input = Hex.decode(hex.utf8) ?? []
    }

    init(_ target: FuzzTarget, text: String) {
        self.target = target
        input = Array(text.utf8)
    }

    static let all = [
        // A forward of a request that HTTP/1.0 allows to be without Host: the leader refused it.
        Finding(.request, text: "GET / HTTP/1.0\r\n\r\n"),
        // With as many headers as are allowed, and no length: the forward's own was one too many.
        Finding(
            .request,
            text: "GET / HTTP/1.1\r\nHost:\r\n" + String(repeating: "A:\r\n", count: 99) + "\r\n"),
        // A forward's method with line breaks: what came after them was read as headers.
        Finding(
            .frames,
            "0228002c040000000000000000000000011b474554202f20485454502f312e310d0a486f73743a20"
                + "610d0a583a012f00"),
        // A forwarded 204 with a body: writing it ended the node.
        Finding(.frames, "0328001204000000000000000000000001cc00007b7d"),
        // A forwarded answer with a length of its own: its reader closed the connection.
        Finding(
            .frames,
            "0328002304000000000000000000000001c800010e636f6e74656e742d6c656e67746801317b7d"),
        // An entry behind the last index that is allowed.
        Finding(
            .frames,
            "012800320303000000000000000100000000000000ffffffffffffff7f09000000000000000100000003"
                + "000000000000000000000000"),
    ]
}

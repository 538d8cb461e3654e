import Glibc
import SystemIO

/// The secret that webhooks are signed with, in a file of its own.
enum WebhookSecret {
    private static let bytesMax = 4_096

    /// The file's bytes without the line feeds at the end, which editors add, and the nodes ignore
    /// too.
    static func read(_ path: String) throws(ProviderError) -> [UInt8] {
        let number = open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else {
            throw .system(SystemError(operation: "open \(path)", errno: errno))
        }
        defer { close(number) }
        var bytes = [UInt8](repeating: 0, count: bytesMax + 1)
        var filled = 0
        while filled < bytes.count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(number, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
            }
            guard got >= 0 || errno == EINTR else {
                throw .system(SystemError(operation: "read \(path)", errno: errno))
            }
            if got == 0 { break }
            filled += max(got, 0)
        }
        guard filled <= bytesMax else {
            throw .secret(file: path, reason: "holds more than \(bytesMax) bytes")
        }
        bytes.removeLast(bytes.count - filled)
        while bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        guard !bytes.isEmpty else { throw .secret(file: path, reason: "holds no secret") }
        return bytes
    }
}

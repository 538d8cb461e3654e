import SystemIO

/// The secret that webhooks are signed with, in a file of its own.
enum WebhookSecret {
    private static let bytesMax = 4_096

    /// The file's bytes without the line feeds at the end, which editors add, and the nodes ignore
    /// too.
    static func read(_ path: String) throws(ProviderError) -> [UInt8] {
        var bytes: [UInt8]
        do throws(SystemError) {
            bytes = try readFile(path)
        } catch {
            throw .system(error)
        }
        while bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        guard (1...bytesMax).contains(bytes.count) else {
            throw .secret(file: path, reason: "must hold 1 to \(bytesMax) bytes")
        }
        return bytes
    }
}

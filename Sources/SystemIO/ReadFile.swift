import Glibc

/// A whole file's bytes, opened for reading only: for files that this program must not write.
package func readFile(_ path: String) throws(SystemError) -> [UInt8] {
    let descriptor = Descriptor(
        owning: try checked("open \(path)") { open(path, O_RDONLY | O_CLOEXEC) })
    let number = descriptor.rawValue
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 * 1_024)
    while true {
        let count = uninterrupted {
            chunk.withUnsafeMutableBytes { read(number, $0.baseAddress, $0.count) }
        }
        guard count >= 0 else { throw systemError("read \(path)", errno) }
        guard count > 0 else { return bytes }
        bytes.append(contentsOf: chunk[..<count])
    }
}

import Glibc

/// Ends the process without a further word: nothing is flushed, no handler runs.
package func exitAtOnce(_ code: Int32) -> Never { Glibc._exit(code) }

/// Writes to standard error, whole lines in one piece. What can't be written is dropped: a log
/// that nobody takes must not stop its program.
package func writeToStandardError(_ bytes: [UInt8]) {
    _ = uninterrupted { bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) } }
}

/// Writes to standard output.
package func writeToStandardOutput(_ text: String) {
    let bytes = Array(text.utf8)
    _ = uninterrupted { bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) } }
}

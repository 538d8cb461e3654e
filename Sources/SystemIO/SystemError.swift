import Primitives
import Glibc

/// What the system answered when a call failed for a reason outside the program: the call, with
/// the address or path it was about, and the error number. A call that failed because the program
/// is wrong (a closed descriptor, a bad pointer) does not return one of these; it ends the process.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call and its subject, such as `bind 127.0.0.1:8101`.
    package var operation: String
    /// The error number, as in errno(3).
    package var errno: Int32

    package init(operation: String, errno: Int32) {
        self.operation = operation
        self.errno = errno
    }

    package var description: String { "\(operation): \(Self.text(errno)) (errno \(errno))" }

    /// The system's words for an error number, such as "Connection refused".
    package static func text(_ errno: Int32) -> String {
        // strerror(3) is thread-safe in glibc since 2.32.
        guard let text = strerror(errno) else { return "unknown error" }
        return String(cString: text)
    }
}

/// Runs a call again for as long as a signal interrupts it (signal(7), "Interruption of system
/// calls"). Every blocking call goes through here, except close(2), which must not be repeated,
/// and epoll_wait(2), whose caller takes an interruption for an empty turn.
@inline(__always)
func uninterrupted<Result: FixedWidthInteger & SignedInteger>(_ call: () -> Result) -> Result {
    while true {
        let result = call()
        guard result == -1, errno == EINTR else { return result }
    }
}

/// Runs a call and throws what the system answered when it returns -1.
@inline(__always)
@discardableResult
func checked<Result: FixedWidthInteger & SignedInteger>(
    _ operation: @autoclosure () -> String, _ call: () -> Result
) throws(SystemError) -> Result {
    let result = uninterrupted(call)
    guard result == -1 else { return result }
    let code = errno
    throw systemError(operation(), code)
}

/// The error to throw for `errno`, unless it says that the program itself is wrong.
func systemError(_ operation: String, _ errno: Int32) -> SystemError {
    invariant(
        errno != EBADF && errno != EFAULT && errno != EINVAL && errno != ENOTSOCK,
        "\(operation): the program passed a bad argument: \(SystemError.text(errno))")
    return SystemError(operation: operation, errno: errno)
}

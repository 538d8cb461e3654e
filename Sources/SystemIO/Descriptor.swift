import Primitives
import Glibc

/// An open file descriptor with one owner, closed when the owner lets go of it. The type can't be
/// copied, so a descriptor is never closed twice and never used after its number was given to
/// another file.
package struct Descriptor: ~Copyable, Sendable {
    /// The number, for a system call made while this value lives.
    package let rawValue: Int32

    /// Takes ownership of an open descriptor.
    package init(owning rawValue: Int32) {
        invariant(rawValue >= 0, "descriptor \(rawValue) is not open")
        self.rawValue = rawValue
    }

    /// Gives up ownership without closing, for handing the descriptor to another thread.
    package consuming func release() -> Int32 {
        let number = rawValue
        discard self
        return number
    }

    deinit {
        // Linux frees the number even when close(2) is interrupted, so it is never repeated.
        let result = Glibc.close(rawValue)
        invariant(result == 0 || errno != EBADF, "descriptor \(rawValue) was closed elsewhere")
    }
}

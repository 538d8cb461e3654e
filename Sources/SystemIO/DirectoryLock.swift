import Glibc
package import Primitives

/// Why a data directory was not locked.
package enum DirectoryLockError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another process, or another part of this one, holds the lock file at this path.
    case held(path: String)
    case disk(DiskError)

    package var description: String {
        switch self {
        case .held(let path): "\(path) is locked: another process uses this directory"
        case .disk(let error): error.description
        }
    }
}

/// A data directory that belongs to this process alone, for as long as the value lives: two
/// processes that wrote one log would destroy it. The kernel drops the lock when the process
/// ends in any way (flock(2)); the empty file `lock` stays.
package struct DirectoryLock: ~Copyable, Sendable {
    private let descriptor: Descriptor

    /// Locks the directory, which must exist; does not wait.
    package init(directory: String) throws(DirectoryLockError) {
        let path = "\(directory)/lock"
        let number = uninterrupted { open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644) }
        guard number >= 0 else {
            throw .disk(DiskError(operation: "open", path: path, errno: errno))
        }
        let descriptor = Descriptor(owning: number)
        guard uninterrupted({ flock(number, LOCK_EX | LOCK_NB) }) == 0 else {
            let code = errno
            throw code == EWOULDBLOCK
                ? .held(path: path)
                : .disk(DiskError(operation: "flock", path: path, errno: code))
        }
        self.descriptor = descriptor
    }
}

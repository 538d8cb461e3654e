import Glibc
package import Primitives

/// Why a data directory was not locked.
package enum DirectoryLockError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another process, or another part of this one, holds the lock file at this path; nil when
    /// the file does not say which.
    case held(path: String, by: Int32?)
    case disk(DiskError)

    package var description: String {
        switch self {
        case .held(let path, let holder):
            "\(path) is locked: \(holder.map { "process \($0)" } ?? "another process") uses this "
                + "directory"
        case .disk(let error): error.description
        }
    }
}

/// A data directory that belongs to this process alone, for as long as the value lives: two
/// processes that wrote one log would destroy it. The kernel drops the lock when the process
/// ends in any way (flock(2)); the file `lock` stays, with the id of its last holder.
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
                ? .held(path: path, by: Self.holder(number))
                : .disk(DiskError(operation: "flock", path: path, errno: code))
        }
        Self.sign(number)
        self.descriptor = descriptor
    }

    /// For people only, so a full disk is no reason to fail.
    private static func sign(_ file: Int32) {
        let text = Array("\(getpid())\n".utf8)
        if ftruncate(file, 0) == 0 { _ = pwrite(file, text, text.count, 0) }
    }

    private static func holder(_ file: Int32) -> Int32? {
        var text = [UInt8](repeating: 0, count: 16)
        let count = pread(file, &text, text.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: text[..<count].prefix { $0 != 0x0A }, as: UTF8.self))
    }
}

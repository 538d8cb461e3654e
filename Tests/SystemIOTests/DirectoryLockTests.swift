import Glibc
import Primitives
import SystemIO
import Testing

@Suite struct DirectoryLockTests {
    @Test func aDirectoryIsLockedOnceAtATime() throws {
        try withTemporaryDirectory { directory in
            func hold(_ whileHeld: () -> Void) throws {
                let lock = try DirectoryLock(directory: directory)
                whileHeld()
                _ = consume lock
            }
            try hold {
                let held = DirectoryLockError.held(path: "\(directory)/lock", by: getpid())
                #expect(throws: held) { try hold {} }
                #expect(held.description.contains("\(directory)/lock"))
                #expect(held.description.contains("process \(getpid())"))
            }
            try hold {}
        }
    }

    @Test func aMissingDirectoryIsAnErrorOfTheDisk() {
        let path = "/nonexistent/lock"
        let error = DiskError(operation: "open", path: path, errno: ENOENT)
        #expect(throws: DirectoryLockError.disk(error)) {
            _ = try DirectoryLock(directory: "/nonexistent")
        }
    }
}

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
                let error = #expect(throws: DirectoryLockError.held(path: "\(directory)/lock")) {
                    try hold {}
                }
                #expect(error?.description.contains("\(directory)/lock") == true)
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

import Glibc
import SystemIO
import Testing

@Suite struct FileAccessTests {
    @Test(arguments: [(0o600, false), (0o640, false), (0o644, true), (0o604, true)])
    func aFileIsOpenToAllWhenOthersMayReadIt(_ mode: mode_t, _ isOpen: Bool) throws {
        try withTemporaryDirectory { directory in
            let path = "\(directory)/secret"
            close(open(path, O_CREAT | O_WRONLY, 0o600))
            #expect(chmod(path, mode) == 0)
            let found = try FileAccess.isOpenToAll(path)
            #expect(found == isOpen)
        }
    }

    @Test func aMissingFileIsAnError() {
        let error = SystemError(operation: "stat /nowhere", errno: ENOENT)
        #expect(throws: error) { _ = try FileAccess.isOpenToAll("/nowhere") }
    }
}

import Glibc
import Primitives
import SystemIO
import Testing

@Suite struct PosixDiskTests {
    @Test func whatIsWrittenIsReadBack() throws {
        try withTemporaryDirectory { directory in
            var disk = PosixDisk()
            let path = "\(directory)/a"
            let file = try disk.open(path, mode: .create)
            #expect(try disk.size(file) == 0)
            try disk.write(file, at: 0, [1, 2, 3, 4])
            try disk.write(file, at: 2, [9, 9, 9])
            try disk.write(file, at: 5, [])
            try disk.sync(file)
            try disk.sync(directory: directory)
            #expect(try disk.size(file) == 5)
            disk.close(file)
            let again = try disk.open(path, mode: .existing)
            #expect(try disk.read(again, at: 0, count: 5) == [1, 2, 9, 9, 9])
            #expect(try disk.read(again, at: 1, count: 2) == [2, 9])
            disk.close(again)
        }
    }

    @Test func readingPastTheEndGivesWhatThereIs() throws {
        try withTemporaryDirectory { directory in
            var disk = PosixDisk()
            let file = try disk.open("\(directory)/a", mode: .create)
            try disk.write(file, at: 0, [1, 2, 3])
            #expect(try disk.read(file, at: 1, count: 100) == [2, 3])
            #expect(try disk.read(file, at: 3, count: 1) == [])
            #expect(try disk.read(file, at: 0, count: 0) == [])
            disk.close(file)
        }
    }

    @Test func aHoleReadsAsZeros() throws {
        try withTemporaryDirectory { directory in
            var disk = PosixDisk()
            let file = try disk.open("\(directory)/a", mode: .create)
            try disk.write(file, at: 3, [1])
            #expect(try disk.read(file, at: 0, count: 4) == [0, 0, 0, 1])
            disk.close(file)
        }
    }

    @Test func aListHoldsTheFilesSortedAndNotTheDirectories() throws {
        try withTemporaryDirectory { directory in
            var disk = PosixDisk()
            try disk.makeDirectory("\(directory)/folder")
            for name in ["b", "a", "c.wal"] {
                disk.close(try disk.open("\(directory)/\(name)", mode: .create))
            }
            #expect(try disk.list(directory: directory) == ["a", "b", "c.wal"])
            #expect(try disk.list(directory: "\(directory)/folder") == [])
        }
    }

    @Test func aRenameReplacesAndARemovalRemoves() throws {
        try withTemporaryDirectory { directory in
            var disk = PosixDisk()
            for name in ["a", "b"] {
                let file = try disk.open("\(directory)/\(name)", mode: .create)
                try disk.write(file, at: 0, Array(name.utf8))
                disk.close(file)
            }
            try disk.rename("\(directory)/a", to: "\(directory)/b")
            #expect(try disk.list(directory: directory) == ["b"])
            let file = try disk.open("\(directory)/b", mode: .existing)
            #expect(try disk.read(file, at: 0, count: 9) == Array("a".utf8))
            disk.close(file)
            try disk.remove("\(directory)/b")
            #expect(try disk.list(directory: directory) == [])
        }
    }

    @Test func directoriesAreMadeWithTheirParentsAndOnceIsEnough() throws {
        try withTemporaryDirectory { directory in
            var disk = PosixDisk()
            for path in ["\(directory)/a/b/c", "\(directory)/a/b/c", "\(directory)/d/e/"] {
                try disk.makeDirectory(path)
                #expect(try disk.list(directory: path) == [])
            }
            try disk.remove("\(directory)/a/b/c")
            #expect(throws: DiskError.self) { try disk.list(directory: "\(directory)/a/b/c") }
        }
    }

    @Test func everyErrorNamesItsOperationPathAndNumber() throws {
        try withTemporaryDirectory { directory in
            var disk = PosixDisk()
            let missing = "\(directory)/missing"
            let present = "\(directory)/present"
            disk.close(try disk.open(present, mode: .create))
            #expect(throws: DiskError(operation: "open", path: missing, errno: ENOENT)) {
                try disk.open(missing, mode: .existing)
            }
            #expect(throws: DiskError(operation: "open", path: present, errno: EEXIST)) {
                try disk.open(present, mode: .create)
            }
            #expect(throws: DiskError(operation: "opendir", path: missing, errno: ENOENT)) {
                try disk.list(directory: missing)
            }
            #expect(throws: DiskError(operation: "mkdir", path: present, errno: ENOTDIR)) {
                try disk.makeDirectory(present)
            }
            #expect(
                throws: DiskError(operation: "mkdir", path: "\(present)/below", errno: ENOTDIR)
            ) {
                try disk.makeDirectory("\(present)/below")
            }
            #expect(throws: DiskError(operation: "rename", path: missing, errno: ENOENT)) {
                try disk.rename(missing, to: present)
            }
            #expect(throws: DiskError(operation: "remove", path: missing, errno: ENOENT)) {
                try disk.remove(missing)
            }
            #expect(throws: DiskError(operation: "open", path: missing, errno: ENOENT)) {
                try disk.sync(directory: missing)
            }
        }
    }

    /// `/dev/full` refuses every write for lack of space (full(4)).
    @Test func aFullDiskIsAnErrorOfWriting() throws {
        var disk = PosixDisk()
        let file = try disk.open("/dev/full", mode: .existing)
        #expect(throws: DiskError(operation: "pwrite", path: "/dev/full", errno: ENOSPC)) {
            try disk.write(file, at: 0, [1])
        }
        #expect(throws: DiskError(operation: "fdatasync", path: "/dev/full", errno: EINVAL)) {
            try disk.sync(file)
        }
        disk.close(file)
    }

    @Test func aClosedFileEndsTheProcess() async {
        await #expect(processExitsWith: .failure) {
            var disk = PosixDisk()
            let file = try disk.open("/dev/null", mode: .existing)
            disk.close(file)
            disk.close(file)
        }
    }
}

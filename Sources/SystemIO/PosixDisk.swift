import Glibc
package import Primitives

/// The machine's file system. Every error names the operation, the path and the error number.
/// One thread owns a value, and only it uses the handles that the value opened.
package struct PosixDisk: Disk, Sendable {
    /// The open files, to name them in errors.
    private var paths: [Int32: String] = [:]

    package init() {}

    package mutating func list(directory: String) throws(DiskError) -> [String] {
        guard let stream = opendir(directory) else { throw failure("opendir", directory) }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            // readdir(3) tells its end from an error by errno alone.
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw failure("readdir", directory) }
                return names.sorted()
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if try !isDirectory("\(directory)/\(name)") { names.append(name) }
        }
    }

    package mutating func makeDirectory(_ path: String) throws(DiskError) {
        if mkdir(path, 0o755) == 0 { return }
        switch errno {
        case EEXIST:
            guard try isDirectory(path) else {
                throw DiskError(operation: "mkdir", path: path, errno: ENOTDIR)
            }
        case ENOENT:
            guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
                throw failure("mkdir", path)
            }
            try makeDirectory(String(path[..<slash]))
            // A path that ends in a slash exists once its parent does.
            guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw failure("mkdir", path) }
        default:
            throw failure("mkdir", path)
        }
    }

    package mutating func open(
        _ path: String, mode: DiskOpenMode
    ) throws(DiskError) -> FileHandle {
        let creation =
            switch mode {
            case .existing: Int32(0)
            case .create: O_CREAT | O_EXCL
            }
        let number = uninterrupted { Glibc.open(path, O_RDWR | O_CLOEXEC | creation, 0o644) }
        guard number >= 0 else { throw failure("open", path) }
        paths[number] = path
        return FileHandle(number)
    }

    package mutating func close(_ file: FileHandle) {
        let path = path(of: file)
        paths[file.rawValue] = nil
        // Not repeated after EINTR: Linux has freed the number (close(2)). Other errors concern
        // writes that nobody synced.
        let result = Glibc.close(file.rawValue)
        invariant(result == 0 || errno != EBADF, "\(path) was closed elsewhere")
    }

    package mutating func size(_ file: FileHandle) throws(DiskError) -> Int {
        var status = stat()
        guard fstat(file.rawValue, &status) == 0 else { throw failure("fstat", path(of: file)) }
        return Int(status.st_size)
    }

    package mutating func read(
        _ file: FileHandle, at offset: Int, count: Int
    ) throws(DiskError) -> [UInt8] {
        invariant(offset >= 0 && count >= 0, "read of \(count) bytes at \(offset)")
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let rest = UnsafeMutableBufferPointer(rebasing: buffer[filled...])
                let got = uninterrupted {
                    pread(file.rawValue, rest.baseAddress, rest.count, off_t(offset + filled))
                }
                failed = got < 0
                guard got > 0 else { return }
                filled += got
            }
        }
        if failed { throw failure("pread", path(of: file)) }
        return bytes
    }

    package mutating func write(
        _ file: FileHandle, at offset: Int, _ bytes: [UInt8]
    ) throws(DiskError) {
        invariant(offset >= 0, "write at \(offset)")
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
                return uninterrupted {
                    pwrite(file.rawValue, rest.baseAddress, rest.count, off_t(offset + written))
                }
            }
            guard count > 0 else { throw failure("pwrite", path(of: file)) }
            written += count
        }
    }

    package mutating func sync(_ file: FileHandle) throws(DiskError) {
        guard uninterrupted({ fdatasync(file.rawValue) }) == 0 else {
            throw failure("fdatasync", path(of: file))
        }
    }

    package mutating func rename(_ from: String, to: String) throws(DiskError) {
        guard Glibc.rename(from, to) == 0 else { throw failure("rename", from) }
    }

    /// Removes a file or an empty directory (remove(3)).
    package mutating func remove(_ path: String) throws(DiskError) {
        guard Glibc.remove(path) == 0 else { throw failure("remove", path) }
    }

    package mutating func sync(directory: String) throws(DiskError) {
        let number = uninterrupted { Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard number >= 0 else { throw failure("open", directory) }
        let descriptor = Descriptor(owning: number)
        guard uninterrupted({ fsync(descriptor.rawValue) }) == 0 else {
            throw failure("fsync", directory)
        }
    }

    private func isDirectory(_ path: String) throws(DiskError) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { throw failure("stat", path) }
        return status.st_mode & S_IFMT == S_IFDIR
    }

    private func path(of file: FileHandle) -> String {
        guard let path = paths[file.rawValue] else {
            invariantFailure("file \(file.rawValue) was not opened by this disk, or was closed")
        }
        return path
    }

    /// The error to throw for the call just made, unless it says that the program is wrong.
    private func failure(_ operation: String, _ path: String) -> DiskError {
        let code = errno
        invariant(
            code != EBADF && code != EFAULT,
            "\(operation) \(path): the program passed a bad argument: errno \(code)")
        return DiskError(operation: operation, path: path, errno: code)
    }
}

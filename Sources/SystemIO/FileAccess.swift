import Glibc

/// Who may read files.
package enum FileAccess {
    /// From now on only the owner and the group can read what this process makes (umask(2)).
    package static func keepNewFilesFromOthers() { _ = umask(0o027) }

    /// Whether every user of this machine may read the file.
    package static func isOpenToAll(_ path: String) throws(SystemError) -> Bool {
        var status = stat()
        try checked("stat \(path)") { stat(path, &status) }
        return status.st_mode & S_IROTH != 0
    }
}

import CSQLite

/// A failed SQLite call, with all that a log line needs (sqlite.org/rescode.html).
package struct SQLiteError: Hashable, Sendable, CustomStringConvertible {
    /// What the failure means for the node.
    package enum Kind: Sendable {
        /// No space left: the batch may be tried again once there is.
        case diskFull
        /// The disk refused. After a failed sync the file's contents are unknown: end the process.
        case inputOutput
        /// The file is damaged or no database: rebuild the node from a peer.
        case corruption
        /// Another process held its lock beyond the timeout: the batch may be tried again.
        case busy
        /// The schema forbids the row.
        case constraint
        /// Anything else is a defect of the program or of the schema.
        case other
    }
    /// Follows from the primary code.
    package var kind: Kind
    /// The database's path.
    package var file: String
    /// The primary result code.
    package var code: Int32
    /// The extended result code, which tells a failed sync from a failed read.
    package var extendedCode: Int32
    package var message: String
    package var sql: String

    init(file: String, extendedCode: Int32, message: String, sql: String) {
        code = extendedCode & 0xFF
        kind = Kind(primaryCode: code)
        self.file = file
        self.extendedCode = extendedCode
        self.message = message
        self.sql = sql
    }

    package var description: String {
        "\(file): \(kind.words) (SQLite: \(message), code \(extendedCode)) in: \(sql)"
    }
}

extension SQLiteError.Kind {
    /// What happened, and what a person can do.
    fileprivate var words: String {
        switch self {
        case .diskFull: "the disk is full: make room"
        case .inputOutput: "the disk fails, or the node's user may not use the file"
        case .corruption: "the file is damaged: keep a copy, and set this node up anew"
        case .busy: "another process holds the file: end it"
        case .constraint: "a row that the schema forbids: keep a copy of the file"
        case .other: "a defect of this program or of the file: keep a copy of the file"
        }
    }

    init(primaryCode: Int32) {
        switch primaryCode {
        case SQLITE_FULL: self = .diskFull
        case SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM: self = .inputOutput
        case SQLITE_CORRUPT, SQLITE_NOTADB: self = .corruption
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: self = .busy
        case SQLITE_CONSTRAINT: self = .constraint
        default: self = .other
        }
    }
}

/// Why the seat store could not do what it was asked.
package enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    case sqlite(SQLiteError)
    /// The file belongs to somebody else, or was written by a newer program.
    case wrongFile(WrongFile)
    /// The file says something that no write of this program can have left.
    case damaged(DamagedFile)
    /// Rows and memory tell different stories; nothing of the batch was written.
    case disagreement(Disagreement)

    package var description: String {
        switch self {
        case .sqlite(let error): error.description
        case .wrongFile(let error): error.description
        case .damaged(let error): error.description
        case .disagreement(let error): error.description
        }
    }
}

/// The first thing by which a file differs from the one that was to be opened.
package struct WrongFile: Hashable, Sendable, CustomStringConvertible {
    package var file: String
    /// A column of `meta`, or the pragma `application_id` or `user_version` (the format).
    package var key: String
    package var found: String
    package var expected: String
    package init(file: String, key: String, found: String, expected: String) {
        self.file = file
        self.key = key
        self.found = found
        self.expected = expected
    }

    package var description: String {
        "\(file): \(key) is \(found), expected \(expected): another node's or another version's "
            + "file lies here. Put the right one back"
    }
}

/// A file whose contents break a rule that the schema alone does not state.
package struct DamagedFile: Hashable, Sendable, CustomStringConvertible {
    package var file: String
    package var reason: String

    package var description: String {
        "\(file) is damaged: \(reason). Keep a copy, and set this node up anew"
    }
}

import CSQLite
import Testing

/// Somebody with the `sqlite3` shell: another connection, plain SQL, everything as text.
final class Person {
    private let handle: OpaquePointer

    init(_ path: String) throws {
        var opened: OpaquePointer?
        try #require(sqlite3_open_v2(path, &opened, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK)
        handle = try #require(opened)
    }

    deinit { sqlite3_close_v2(handle) }

    /// The result code, extended.
    @discardableResult
    func run(_ sql: String) -> Int32 {
        sqlite3_exec(handle, sql, nil, nil, nil)
        return sqlite3_extended_errcode(handle)
    }

    /// Every row, columns joined by a bar as the shell prints them.
    func rows(_ sql: String) throws -> [String] {
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v2(handle, sql, -1, &prepared, nil)
        try #require(code == SQLITE_OK, "\(String(cString: sqlite3_errmsg(handle)))")
        let statement = try #require(prepared)
        defer { sqlite3_finalize(statement) }
        var rows: [String] = []
        while sqlite3_step(statement) == SQLITE_ROW {
            let columns = (0..<sqlite3_column_count(statement)).map { column in
                sqlite3_column_text(statement, column).map { String(cString: $0) } ?? ""
            }
            rows.append(columns.joined(separator: "|"))
        }
        return rows
    }
}

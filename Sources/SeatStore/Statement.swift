import Primitives
import CSQLite

/// A prepared statement. Parameters are bound and columns read in order, from the first: a missed
/// or doubled one is caught by the count. Texts and blobs are copied by SQLite when bound.
final class Statement {
    private let connection: Connection
    private let handle: OpaquePointer
    private let parameterCount: Int32
    private var boundCount: Int32 = 0
    private var readCount: Int32 = 0

    init(_ handle: OpaquePointer, of connection: Connection) {
        self.handle = handle
        self.connection = connection
        parameterCount = sqlite3_bind_parameter_count(handle)
    }

    deinit { sqlite3_finalize(handle) }

    // MARK: Running

    /// Runs to the end a statement that answers no rows, and makes it ready for the next run.
    /// Returns the number of rows that it changed (for INSERT, UPDATE and DELETE).
    @discardableResult
    func run() throws(StoreError) -> Int {
        let hasRow = try step()
        invariant(!hasRow, "a row from a statement that answers none: \(sql)")
        return connection.changes
    }

    /// Moves to the next row; false after the last, and then the statement is ready for its next
    /// run. A caller that stops before the last row calls `reset`.
    func step() throws(StoreError) -> Bool {
        invariant(
            boundCount == parameterCount,
            "bound \(boundCount) of \(parameterCount) parameters: \(sql)")
        readCount = 0
        let code = sqlite3_step(handle)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            reset()
            return false
        default:
            // The error message is the connection's until its next call: read it before resetting.
            let failure = connection.failure(code, sql)
            reset()
            throw failure
        }
    }

    /// Ends the current run. The result repeats the last step's error, which `step` has thrown.
    func reset() {
        sqlite3_reset(handle)
        boundCount = 0
    }

    private var sql: String { String(cString: sqlite3_sql(handle)) }

    // MARK: Binding, in order

    func bind(_ value: Int64) {
        check(sqlite3_bind_int64(handle, nextParameter(), value))
    }

    func bind(_ value: Int64?) {
        guard let value else { return bindNull() }
        bind(value)
    }

    func bindNull() { check(sqlite3_bind_null(handle, nextParameter())) }

    /// A word of the program itself, which needs no copy.
    func bind(word: StaticString) {
        let length = Int32(word.utf8CodeUnitCount)
        word.utf8Start.withMemoryRebound(to: CChar.self, capacity: word.utf8CodeUnitCount) {
            check(sqlite3_bind_text(handle, nextParameter(), $0, length, nil))
        }
    }

    func bind(text: String) {
        var text = text
        text.withUTF8 { bind(text: UnsafeRawBufferPointer($0)) }
    }

    /// The bytes must be UTF-8.
    func bind(text: UnsafeRawBufferPointer) {
        guard let start = text.baseAddress, !text.isEmpty else { return bind(word: "") }
        let characters = start.assumingMemoryBound(to: CChar.self)
        check(
            sqlite3_bind_text(
                handle, nextParameter(), characters, Int32(text.count), Self.copied))
    }

    func bind(blob: UnsafeRawBufferPointer) {
        guard let start = blob.baseAddress, !blob.isEmpty else {
            return check(sqlite3_bind_zeroblob(handle, nextParameter(), 0))
        }
        check(
            sqlite3_bind_blob(handle, nextParameter(), start, Int32(blob.count), Self.copied))
    }

    func bind(blob: [UInt8]) { blob.withUnsafeBytes { bind(blob: $0) } }

    /// `SQLITE_TRANSIENT`, a macro that Swift does not import.
    private static var copied: sqlite3_destructor_type {
        unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    }

    private func nextParameter() -> Int32 {
        boundCount += 1
        return boundCount
    }

    /// Binding fails for a wrong index or an oversized value only: a defect of this program.
    private func check(_ code: Int32) {
        invariant(code == SQLITE_OK, "SQLite \(code) binding parameter \(boundCount): \(sql)")
    }

    // MARK: Reading the current row, in order

    func isNull() -> Bool {
        sqlite3_column_type(handle, readCount) == SQLITE_NULL
    }

    func skip() { readCount += 1 }

    func int64() -> Int64 {
        defer { readCount += 1 }
        return sqlite3_column_int64(handle, readCount)
    }

    func optionalInt64() -> Int64? {
        guard isNull() else { return int64() }
        skip()
        return nil
    }

    func text() -> String { withText { String(decoding: $0, as: UTF8.self) } }

    func blob() -> [UInt8] {
        defer { readCount += 1 }
        guard let start = sqlite3_column_blob(handle, readCount) else { return [] }
        let count = Int(sqlite3_column_bytes(handle, readCount))
        return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }

    /// The text's bytes, valid within the call only.
    func withText<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        defer { readCount += 1 }
        let start = sqlite3_column_text(handle, readCount)
        let count = Int(sqlite3_column_bytes(handle, readCount))
        return body(UnsafeBufferPointer(start: start, count: count))
    }

    /// The value just read is none that this program writes.
    func damaged(_ reason: String) -> StoreError {
        let column = sqlite3_column_name(handle, readCount - 1).map { String(cString: $0) } ?? "?"
        return connection.damaged("\(column): \(reason) in: \(sql)")
    }
}

import Primitives
import CSQLite

/// Whether a missing file is made or refused.
package enum StoreMode: Sendable {
    /// As `serve` opens: a shard that is not there is an error, never an empty shard.
    case existing
    /// As `init` opens: missing files are made; those that exist must match.
    case create
}

/// One SQLite connection. Opened `SQLITE_OPEN_NOMUTEX`: safe as long as no two threads use it at
/// the same time (sqlite.org/threadsafe.html), and the type's owner is one thread.
final class Connection {
    let path: String
    private let handle: OpaquePointer

    init(path: String, mode: StoreMode) throws(StoreError) {
        let creation =
            switch mode {
            case .existing: Int32(0)
            case .create: SQLITE_OPEN_CREATE
            }
        let flags =
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | creation
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(path, &opened, flags, nil)
        guard let opened else { invariantFailure("out of memory opening \(path)") }
        guard code == SQLITE_OK else {
            // "Whether or not an error occurs when it is opened", it must be closed.
            let message = String(cString: sqlite3_errmsg(opened))
            sqlite3_close_v2(opened)
            throw .sqlite(
                SQLiteError(file: path, extendedCode: code, message: message, sql: "open"))
        }
        self.path = path
        handle = opened
    }

    /// The last connection to leave checkpoints, syncs and removes the WAL.
    deinit { sqlite3_close_v2(handle) }

    /// Runs statements that answer nothing, separated by semicolons.
    func execute(_ sql: String) throws(StoreError) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw failure(code, sql) }
    }

    /// A statement for the connection's whole life: `SQLITE_PREPARE_PERSISTENT` tells SQLite so.
    func prepare(_ sql: String) throws(StoreError) -> Statement {
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v3(
            handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared else { throw failure(code, sql) }
        return Statement(prepared, of: self)
    }

    /// The first column of the first row, as text; nil when there is no row.
    func value(_ sql: String) throws(StoreError) -> String? {
        let statement = try prepare(sql)
        guard try statement.step() else { return nil }
        return statement.text()
    }

    /// Rows that the last INSERT, UPDATE or DELETE touched.
    var changes: Int { Int(sqlite3_changes(handle)) }

    /// Undoes an open transaction. Some errors have undone it already (sqlite.org/lang_transaction
    /// §3); should the ROLLBACK itself fail, the next BEGIN fails too and says so.
    func rollBack() {
        guard sqlite3_get_autocommit(handle) == 0 else { return }
        sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
    }

    /// Copies WAL frames into the database as far as readers allow, waiting for nobody.
    func checkpoint() throws(StoreError) -> WALState {
        var frames: Int32 = -1
        var backfilled: Int32 = -1
        let code = sqlite3_wal_checkpoint_v2(
            handle, nil, SQLITE_CHECKPOINT_PASSIVE, &frames, &backfilled)
        switch code {
        case SQLITE_OK where frames >= 0:
            return .frames(total: Int(frames), backfilled: Int(backfilled))
        case SQLITE_BUSY:
            return .checkpointedByAnother
        default:
            throw failure(code, "PASSIVE checkpoint")
        }
    }

    enum WALState {
        case frames(total: Int, backfilled: Int)
        /// Another process holds the checkpoint lock: nothing was done.
        case checkpointedByAnother
    }

    /// The connection's latest error, which `code` announced.
    func failure(_ code: Int32, _ sql: String) -> StoreError {
        .sqlite(
            SQLiteError(
                file: path, extendedCode: code, message: String(cString: sqlite3_errmsg(handle)),
                sql: sql))
    }

    func damaged(_ reason: String) -> StoreError {
        .damaged(DamagedFile(file: path, reason: reason))
    }
}

import Inventory
import Primitives

/// Whose rows a file holds, and how far they have come.
struct MetaTable {
    /// Raised with every change of the schema; also the file's `user_version`.
    static let formatVersion = 1
    /// `PRAGMA application_id`, by which file(1) and this program know the file: "hfst".
    static let applicationID = 0x6866_7374

    static let schema = """
        CREATE TABLE meta (
            -- Whose rows this file holds, and how far they have come: exactly one row.
            meta_no        INTEGER PRIMARY KEY CHECK (meta_no = 1),
            format_version INTEGER NOT NULL,
            cluster_id     TEXT NOT NULL,
            group_no       INTEGER NOT NULL,
            node_id        INTEGER NOT NULL,
            incarnation    TEXT NOT NULL,    -- this life of the node's data directory
            shard          TEXT NOT NULL,
            shard_count    INTEGER NOT NULL, -- the system shard not counted
            applied_index  INTEGER NOT NULL, -- the last log entry whose changes are in the rows
            clock_ms       INTEGER NOT NULL, -- the log's time there, ms since 1970 UTC
            digest         TEXT NOT NULL     -- of the rows' content, equal on all nodes there
        ) STRICT;
        """

    /// How far the rows have come.
    struct Progress {
        var appliedIndex: LogIndex
        var clock: WallTime
        var digest: UInt64
    }

    private let advance: Statement

    init(_ connection: Connection) throws(StoreError) {
        advance = try connection.prepare(
            """
            UPDATE meta SET applied_index = ?, clock_ms = ?, digest = ? WHERE applied_index = ?
            """)
    }

    /// Records the batch's last delta, provided that the row is as this process left it.
    func write(_ delta: ShardDelta, after previous: LogIndex, _ flush: Flush) throws(StoreError) {
        advance.bind(delta.appliedIndex.rawValue)
        advance.bind(delta.clock)
        advance.bind(text: Hex.encode(delta.digest))
        advance.bind(previous.rawValue)
        guard try advance.run() == 1 else { throw flush.disagreement(.otherWriter) }
    }

    /// The one row of a new file.
    static func insert(
        _ identity: StoreIdentity, shard: ShardID, into connection: Connection
    ) throws(StoreError) {
        let columns = identity.columns(shard: shard)
        let insert = try connection.prepare(
            """
            INSERT INTO meta (meta_no, \(columns.map(\.key).joined(separator: ", ")),
                applied_index, clock_ms, digest)
            VALUES (1, \(columns.map { _ in "?" }.joined(separator: ", ")), 0, 0, ?)
            """)
        for column in columns { insert.bind(text: column.value) }
        insert.bind(text: Hex.encode(0 as UInt64))
        try insert.run()
    }

    /// Throws `wrongFile` at the first column that differs.
    static func check(
        _ identity: StoreIdentity, shard: ShardID, in connection: Connection
    ) throws(StoreError) {
        let columns = identity.columns(shard: shard)
        let row = try connection.prepare(
            "SELECT \(columns.map(\.key).joined(separator: ", ")) FROM meta")
        guard try row.step() else { throw connection.damaged("meta has no row") }
        for column in columns {
            let found = row.text()
            guard found == column.value else {
                throw .wrongFile(
                    WrongFile(
                        file: connection.path, key: column.key, found: found,
                        expected: column.value))
            }
        }
    }

    static func progress(_ connection: Connection) throws(StoreError) -> Progress {
        let row = try connection.prepare("SELECT applied_index, clock_ms, digest FROM meta")
        guard try row.step() else { throw connection.damaged("meta has no row") }
        let appliedIndex = LogIndex(try row.number())
        let clock = row.time()
        guard let digest = UInt64(row.text(), radix: 16) else { throw row.damaged("no digest") }
        return Progress(appliedIndex: appliedIndex, clock: clock, digest: digest)
    }
}

extension StoreIdentity {
    /// The identifying columns of `meta`, all as text: SQLite stores digits as integers where the
    /// column is one.
    fileprivate func columns(shard: ShardID) -> [(key: String, value: String)] {
        [
            ("format_version", "\(MetaTable.formatVersion)"),
            ("cluster_id", Base32.encode(cluster.rawValue)),
            ("group_no", "\(group.rawValue)"),
            ("node_id", "\(node.rawValue)"),
            ("incarnation", Hex.encode(incarnation)),
            ("shard", shard.name),
            ("shard_count", "\(shardCount)"),
        ]
    }
}

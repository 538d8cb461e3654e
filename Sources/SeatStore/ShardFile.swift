import Primitives

/// Opens a shard's file: settings, schema, and whose it is.
enum ShardFile {
    /// Throws `wrongFile` for another cluster's, node's or shard's file, or a newer program's.
    static func open(
        path: String, shard: ShardID, identity: StoreIdentity, mode: StoreMode
    ) throws(StoreError) -> Connection {
        let connection = try Connection(path: path, mode: mode)
        // A person's shell may hold the write lock for a moment.
        try connection.execute("PRAGMA busy_timeout = \(busyTimeoutMilliseconds)")
        switch mode {
        case .create where try isEmpty(connection):
            try create(connection, shard: shard, identity: identity)
        case .create, .existing:
            try check(connection, "application_id", expected: MetaTable.applicationID)
            try check(connection, "user_version", expected: MetaTable.formatVersion)
            try MetaTable.check(identity, shard: shard, in: connection)
        }
        try configure(connection)
        return connection
    }

    private static let busyTimeoutMilliseconds = 5_000
    private static let cacheKiB = 16_384
    /// A WAL that a foreign reader made grow shrinks to this when it is started anew.
    private static let walBytesMax = 64 << 20

    private static func isEmpty(_ connection: Connection) throws(StoreError) -> Bool {
        try connection.value("SELECT count(*) FROM sqlite_schema") == "0"
    }

    private static func check(
        _ connection: Connection, _ key: String, expected: Int
    ) throws(StoreError) {
        let found = try connection.value("PRAGMA \(key)") ?? "nothing"
        guard found == "\(expected)" else {
            throw .wrongFile(
                WrongFile(file: connection.path, key: key, found: found, expected: "\(expected)"))
        }
    }

    /// One transaction, so that a file has its whole schema and its owner, or nothing.
    private static func create(
        _ connection: Connection, shard: ShardID, identity: StoreIdentity
    ) throws(StoreError) {
        try connection.execute("PRAGMA auto_vacuum = NONE; BEGIN IMMEDIATE")
        do throws(StoreError) {
            let tables = shard.isSystem ? SystemShardTables.schema : EventShardTables.schema
            try connection.execute(MetaTable.schema)
            for definition in tables { try connection.execute(definition) }
            try MetaTable.insert(identity, shard: shard, into: connection)
            try connection.execute(
                """
                PRAGMA application_id = \(MetaTable.applicationID);
                PRAGMA user_version = \(MetaTable.formatVersion);
                COMMIT
                """)
        } catch {
            connection.rollBack()
            throw error
        }
    }

    /// With `synchronous = NORMAL` a commit is not synced: what a power cut may take are the last
    /// transactions, whole ones (sqlite.org/pragma.html#pragma_synchronous), and the Raft log has
    /// them. Checkpoints are ours alone, so that each one's end is known. `secure_delete`, which
    /// Debian's library turns on, overwrites freed cells with zeros for nothing.
    private static func configure(_ connection: Connection) throws(StoreError) {
        let journal = try connection.value("PRAGMA journal_mode = WAL")
        guard journal == "wal" else {
            throw connection.damaged("journal_mode is \(journal ?? "nothing"), not wal")
        }
        try connection.execute(
            """
            PRAGMA synchronous = NORMAL;
            PRAGMA wal_autocheckpoint = 0;
            PRAGMA journal_size_limit = \(walBytesMax);
            PRAGMA cache_size = -\(cacheKiB);
            PRAGMA secure_delete = OFF;
            """)
    }
}

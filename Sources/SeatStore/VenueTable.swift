import Inventory
import Primitives

/// Venues and the pieces of their layouts, in the system shard.
struct VenueTable {
    static let schema = """
        CREATE TABLE venues (
            -- A venue is here once it is sealed.
            venue_id      TEXT PRIMARY KEY NOT NULL,
            owner         TEXT NOT NULL,    -- the API key that created it
            name          TEXT NOT NULL,
            part_count    INTEGER NOT NULL,
            layout_hash   BLOB NOT NULL CHECK (length(layout_hash) = 16), -- of all its parts
            body_hash     BLOB NOT NULL CHECK (length(body_hash) = 16),   -- of the request
            created_at_ms INTEGER NOT NULL,
            sealed_index  INTEGER NOT NULL  -- the log entry that sealed it
        ) STRICT;

        CREATE TABLE venue_parts (
            venue_id       TEXT NOT NULL,    -- sealed or not yet
            part           INTEGER NOT NULL, -- from 0
            part_count     INTEGER NOT NULL,
            bytes          BLOB NOT NULL,    -- a piece of the encoded layout
            received_at_ms INTEGER NOT NULL, -- of the import's first part
            UNIQUE (venue_id, part)
        ) STRICT;
        """

    private let upsertVenue: Statement
    private let upsertPart: Statement
    private let deleteParts: Statement

    init(_ connection: Connection) throws(StoreError) {
        upsertVenue = try connection.prepare(
            "INSERT OR REPLACE INTO venues VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        upsertPart = try connection.prepare(
            "INSERT OR REPLACE INTO venue_parts VALUES (?, ?, ?, ?, ?)")
        deleteParts = try connection.prepare("DELETE FROM venue_parts WHERE venue_id = ?")
    }

    func write(_ row: VenueRow) throws(StoreError) {
        upsertVenue.bind(row.content.venue)
        upsertVenue.bind(text: row.content.owner)
        upsertVenue.bind(text: row.content.name)
        upsertVenue.bind(row.content.partCount)
        upsertVenue.bind(row.content.layoutHash)
        upsertVenue.bind(row.content.bodyHash)
        upsertVenue.bind(row.createdAt)
        upsertVenue.bind(row.sealedIndex.rawValue)
        try upsertVenue.run()
    }

    func write(_ part: ImportVenuePart) throws(StoreError) {
        upsertPart.bind(part.venue)
        upsertPart.bind(part.part)
        upsertPart.bind(part.count)
        upsertPart.bind(blob: part.bytes)
        upsertPart.bind(part.receivedAt)
        try upsertPart.run()
    }

    /// Drops what was written of an abandoned import.
    func forgetParts(of venue: VenueID) throws(StoreError) {
        deleteParts.bind(venue)
        try deleteParts.run()
    }

    /// All sealed venues by id.
    static func load(_ connection: Connection) throws(StoreError) -> [VenueRow] {
        let rows = try connection.prepare("SELECT * FROM venues ORDER BY venue_id")
        var venues: [VenueRow] = []
        while try rows.step() {
            let content = SealVenue(
                venue: try rows.id(), owner: rows.text(), name: rows.text(),
                partCount: try rows.number(), layoutHash: try rows.hash(),
                bodyHash: try rows.hash())
            venues.append(
                VenueRow(
                    content: content, createdAt: rows.time(),
                    sealedIndex: LogIndex(try rows.number())))
        }
        return venues
    }

    /// All parts by venue and position.
    static func loadParts(_ connection: Connection) throws(StoreError) -> [ImportVenuePart] {
        let rows = try connection.prepare("SELECT * FROM venue_parts ORDER BY venue_id, part")
        var parts: [ImportVenuePart] = []
        while try rows.step() {
            parts.append(
                ImportVenuePart(
                    venue: try rows.id(), part: try rows.number(), count: try rows.number(),
                    bytes: rows.blob(), receivedAt: rows.time()))
        }
        return parts
    }
}

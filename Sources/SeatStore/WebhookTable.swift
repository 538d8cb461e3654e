import Inventory
import Primitives

/// Webhooks that matched no attempt, in the system shard; duplicates are kept once.
struct WebhookTable {
    static let schema = """
        CREATE TABLE webhooks (
            provider       TEXT NOT NULL,
            body_hash      BLOB NOT NULL UNIQUE CHECK (length(body_hash) = 16),
            body           BLOB NOT NULL, -- as it came
            received_at_ms INTEGER NOT NULL
        ) STRICT;
        """

    static let views = """
        CREATE VIEW webhook_status AS
            -- Webhooks with their bodies as text.
            SELECT provider, \(rfc3339("received_at_ms")) AS received_at,
                CAST(body AS TEXT) AS body
            FROM webhooks;
        """

    private let upsert: Statement
    private let delete: Statement

    init(_ connection: Connection) throws(StoreError) {
        upsert = try connection.prepare("INSERT OR REPLACE INTO webhooks VALUES (?, ?, ?, ?)")
        delete = try connection.prepare("DELETE FROM webhooks WHERE body_hash = ?")
    }

    func write(_ row: WebhookRow) throws(StoreError) {
        upsert.bind(text: row.content.provider)
        upsert.bind(row.content.bodyHash)
        upsert.bind(blob: row.content.body)
        upsert.bind(row.receivedAt)
        try upsert.run()
    }

    func forget(_ bodyHash: UInt128) throws(StoreError) {
        delete.bind(bodyHash)
        try delete.run()
    }

    /// All webhooks in the order of their last writing.
    static func load(_ connection: Connection) throws(StoreError) -> [WebhookRow] {
        let rows = try connection.prepare("SELECT * FROM webhooks ORDER BY rowid")
        var webhooks: [WebhookRow] = []
        while try rows.step() {
            let content = KeepWebhook(
                provider: rows.text(), bodyHash: try rows.hash(), body: rows.blob())
            webhooks.append(WebhookRow(content: content, receivedAt: rows.time()))
        }
        return webhooks
    }
}

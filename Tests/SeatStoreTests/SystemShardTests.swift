import Inventory
import Primitives
import SeatStore
import Testing

private func part(_ venue: UInt128, _ part: UInt32, _ bytes: [UInt8]) -> ImportVenuePart {
    ImportVenuePart(
        venue: VenueID(shard: .system, bits: venue), part: part, count: 2, bytes: bytes,
        receivedAt: WallTime(1_795_343_000_000 + Int64(venue)))
}

private func venue(_ bits: UInt128) -> VenueRow {
    VenueRow(
        content: SealVenue(
            venue: VenueID(shard: .system, bits: bits), owner: "organizer", name: "Arena",
            partCount: 2, layoutHash: .max - bits, bodyHash: bits),
        createdAt: WallTime(1_795_343_400_000), sealedIndex: LogIndex(1))
}

private func webhook(_ hash: UInt128, _ body: String, at time: Int64 = 1) -> WebhookRow {
    WebhookRow(
        content: KeepWebhook(provider: "stripe", bodyHash: hash, body: Array(body.utf8)),
        receivedAt: WallTime(time))
}

@Suite struct TheSystemShard {
    @Test func comesBackAsItWasWritten() throws {
        let directory = try TemporaryDirectory()
        do {
            try openShard(directory, shard: .system).write([
                delta(1, shard: .system) {
                    $0.venueParts = [part(1, 0, [1, 2, 3]), part(1, 1, []), part(2, 0, [9])]
                    $0.webhooks = [webhook(7, "{\"id\": \"evt\"}")]
                },
                delta(2, shard: .system) { $0.venues = [venue(1)] },
            ])
        }
        let image = try openShard(directory, shard: .system, mode: .existing).load()
        #expect(image.venueParts == [part(1, 0, [1, 2, 3]), part(1, 1, []), part(2, 0, [9])])
        #expect(image.venues == [venue(1)])
        #expect(image.webhooks == [webhook(7, "{\"id\": \"evt\"}")])
        #expect(image.appliedIndex == LogIndex(2))
        #expect(image.shard == .system)
    }

    @Test func keepsTheLastOfEachPartAndADuplicateWebhookOnce() throws {
        let directory = try TemporaryDirectory()
        let store = try openShard(directory, shard: .system)
        try store.write([
            delta(1, shard: .system) {
                $0.venueParts = [part(1, 0, [1]), part(1, 0, [2])]
                $0.webhooks = [webhook(7, "a"), webhook(7, "a", at: 5), webhook(8, "b")]
            }
        ])
        let image = try store.load()
        #expect(image.venueParts == [part(1, 0, [2])])
        #expect(image.webhooks == [webhook(7, "a", at: 5), webhook(8, "b")])
    }

    @Test func forgetsAbandonedImportsAndOldWebhooks() throws {
        let directory = try TemporaryDirectory()
        let store = try openShard(directory, shard: .system)
        try store.write([
            delta(1, shard: .system) {
                $0.venueParts = [part(1, 0, [1]), part(1, 1, [2]), part(2, 0, [3])]
                $0.webhooks = [webhook(7, "a"), webhook(8, "b")]
            },
            delta(2, shard: .system) {
                $0.forgottenVenueParts = [part(1, 0, []).venue]
                $0.forgottenWebhooks = [7]
            },
        ])
        let image = try store.load()
        #expect(image.venueParts == [part(2, 0, [3])])
        #expect(image.webhooks == [webhook(8, "b")])
    }

    @Test func keepsWhatComesAnewInTheDeltaThatForgetsItsLike() throws {
        let directory = try TemporaryDirectory()
        let store = try openShard(directory, shard: .system)
        try store.write([
            delta(1, shard: .system) {
                $0.venueParts = [part(1, 0, [1]), part(1, 1, [2])]
                $0.webhooks = [webhook(7, "a")]
            }
        ])
        try store.write([
            delta(2, shard: .system) {
                $0.forgottenVenueParts = [part(1, 0, []).venue]
                $0.venueParts = [part(1, 1, [4])]
                $0.forgottenWebhooks = [7]
                $0.webhooks = [webhook(7, "a", at: 9)]
            }
        ])
        let image = try store.load()
        #expect(image.venueParts == [part(1, 1, [4])])
        #expect(image.webhooks == [webhook(7, "a", at: 9)])
    }

    @Test func showsWebhooksAsText() throws {
        let directory = try TemporaryDirectory()
        let store = try openShard(directory, shard: .system)
        try store.write([
            delta(1, shard: .system) { $0.webhooks = [webhook(7, "{}", at: 1_500)] }
        ])
        let rows = try Person(directory.file("shard.sqlite"))
            .rows("SELECT provider, received_at, body FROM webhook_status")
        #expect(rows == ["stripe|1970-01-01T00:00:01.500Z|{}"])
    }

    @Test func hasNoSeats() async {
        await #expect(processExitsWith: .failure) {
            try openShard(try TemporaryDirectory(), shard: .system).write([
                delta(1, shard: .system) { $0.events = [event(1, seats: 1)] }
            ])
        }
    }
}

import Primitives

/// All shards' events in the order of (`starts_at`, id).
struct Catalog: Sendable {
    struct Entry: Sendable {
        var startsAt: WallTime
        var event: EventID
        /// The name's words, in lower case.
        var words: [String]

        func isBefore(_ startsAt: WallTime, _ event: EventID) -> Bool {
            self.startsAt == startsAt ? self.event < event : self.startsAt < startsAt
        }
    }
    private var entries: [Entry] = []

    mutating func insert(_ event: CreateEvent) {
        let place = entries.partitionIndex { !$0.isBefore(event.startsAt, event.event) }
        entries.insert(
            Entry(
                startsAt: event.startsAt, event: event.event, words: Self.words(of: event.name)),
            at: place)
    }

    mutating func removeAll(of shard: ShardID) { entries.removeAll { $0.event.shard == shard } }

    /// Calls `body` with the ids of the events that match, in order, until it has had enough.
    func forEach(
        from: WallTime?, to: WallTime?, words: [String],
        after: (startsAt: WallTime, event: EventID)?, _ body: (EventID) -> Walk
    ) {
        var place = from.map { from in entries.partitionIndex { $0.startsAt >= from } } ?? 0
        if let after {
            let beyond = entries.partitionIndex {
                !$0.isBefore(after.startsAt, after.event) && $0.event != after.event
            }
            place = max(place, beyond)
        }
        while place < entries.count, to.map({ entries[place].startsAt <= $0 }) ?? true {
            let entry = entries[place]
            place += 1
            let matches = words.allSatisfy { word in entry.words.contains { $0.hasPrefix(word) } }
            if matches, body(entry.event) == .stop { return }
        }
    }

    enum Walk {
        case proceed
        case stop
    }

    /// The words of a text in lower case, without any locale's rules.
    static func words(of text: String) -> [String] {
        text.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
    }
}

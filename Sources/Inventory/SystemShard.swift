import Primitives

/// A sealed venue and the layout that its parts made.
struct SealedVenue: Sendable {
    var row: VenueRow
    var layout: Layout

    var view: VenueView { VenueView(content: row.content, layout: layout) }
}

/// The system shard: venues and what belongs to no event.
struct SystemShard: Sendable {
    var appliedIndex = LogIndex.zero
    var clock = WallTime.zero
    private(set) var digest: UInt64 = 0
    private(set) var venues: [VenueID: SealedVenue] = [:]
    private(set) var layouts: [UInt128: Layout] = [:]
    /// Venues not yet sealed, by rising id; few.
    private var imports: [VenueImport] = []
    /// By rising arrival, then hash.
    private(set) var webhooks: [WebhookRow] = []
    private var webhookHashes: Set<UInt128> = []
    var changes = RowChanges()

    init() {}

    /// A layout on its way; invisible.
    private struct VenueImport: Sendable {
        let venue: VenueID
        /// Of its first part.
        var startedAt: WallTime
        var parts: [UInt32: [UInt8]] = [:]

        /// The layout's bytes, if all parts are there.
        func bytes(partCount: UInt32) -> [UInt8]? {
            var bytes: [UInt8] = []
            for part in 0..<partCount {
                guard let piece = parts[part] else { return nil }
                bytes += piece
            }
            return bytes
        }
    }

    /// Sealing is decided by its application alone: parts may still be on their way in the log.
    func judge(_ command: SystemCommand, at now: WallTime) -> Outcome? {
        switch command {
        case .importVenuePart(let part): decide(part).answer
        case .sealVenue(let command): venues[command.venue].map { replay(command, $0) }
        case .keepWebhook(let command): decide(command).answer
        case .expireDue: nextDue().map { $0 <= now } == true ? nil : .done
        }
    }

    mutating func apply(_ command: SystemCommand, at now: WallTime, index: LogIndex) -> Outcome {
        switch command {
        case .importVenuePart(let part):
            if let answer = decide(part).answer { return answer }
            keep(part, at: now)
            return .done
        case .sealVenue(let command): return seal(command, at: now, index: index)
        case .keepWebhook(let command):
            if let answer = decide(command).answer { return answer }
            keep(WebhookRow(content: command, receivedAt: now))
            return .done
        case .expireDue(let command): return expireDue(command, at: now)
        }
    }

    // MARK: venues

    private func decide(_ part: ImportVenuePart) -> Decision<Void> {
        if venues[part.venue] != nil { return .answer(.done) }
        guard part.part < ImportVenuePart.countMax, part.bytes.count <= ImportVenuePart.bytesMax
        else { return .refuse(.layoutIncomplete) }
        guard let pending = imports.first(where: { $0.venue == part.venue }) else {
            return imports.count < VenueLimits.unsealedMax
                ? .perform(())
                : .refuse(.limitExceeded(.unsealedVenues(max: UInt32(VenueLimits.unsealedMax))))
        }
        return pending.parts[part.part] == part.bytes ? .answer(.done) : .perform(())
    }

    /// Takes a part in; one that came before under its number is replaced.
    private mutating func keep(_ part: ImportVenuePart, at now: WallTime) {
        let place = imports.partitionIndex { $0.venue >= part.venue }
        if place == imports.count || imports[place].venue != part.venue {
            imports.insert(VenueImport(venue: part.venue, startedAt: now), at: place)
        }
        imports[place].parts[part.part] = part.bytes
        var row = part
        row.receivedAt = imports[place].startedAt
        changes.venueParts.append(row)
    }

    private func replay(_ command: SealVenue, _ venue: SealedVenue) -> Outcome {
        venue.row.content.bodyHash == command.bodyHash
            ? .venue(venue.view, .replayed) : .refused(.idempotencyKeyReused)
    }

    private mutating func seal(
        _ command: SealVenue, at now: WallTime, index: LogIndex
    ) -> Outcome {
        if let venue = venues[command.venue] { return replay(command, venue) }
        guard let place = imports.firstIndex(where: { $0.venue == command.venue }),
            let bytes = imports[place].bytes(partCount: command.partCount),
            let layout = try? LayoutCodec.decode(bytes), layout.hash == command.layoutHash
        else { return .refused(.layoutIncomplete) }
        imports.remove(at: place)
        let row = VenueRow(content: command, createdAt: now, sealedIndex: index)
        let venue = add(row, layout)
        digest &+= RowHash.venue(row)
        changes.venues.append(row)
        return .venue(venue.view, .first)
    }

    @discardableResult
    private mutating func add(_ row: VenueRow, _ layout: Layout) -> SealedVenue {
        // Venues with equal layouts share one.
        let shared = layouts[layout.hash] ?? layout
        layouts[layout.hash] = shared
        let venue = SealedVenue(row: row, layout: shared)
        venues[row.content.venue] = venue
        return venue
    }

    // MARK: restart

    /// The shard as its file has it. A layout that doesn't fit its venue is an inconsistency.
    init(restoring image: ShardImage) throws(InventoryRestoreError) {
        appliedIndex = image.appliedIndex
        clock = image.clock
        for part in image.venueParts { keep(part, at: part.receivedAt) }
        for row in image.venues {
            guard let place = imports.firstIndex(where: { $0.venue == row.content.venue }),
                let bytes = imports[place].bytes(partCount: row.content.partCount),
                let layout = try? LayoutCodec.decode(bytes),
                layout.hash == row.content.layoutHash
            else { throw .inconsistent("venue \(row.content.venue.text) has no such layout") }
            imports.remove(at: place)
            add(row, layout)
            digest &+= RowHash.venue(row)
        }
        for row in image.webhooks where !webhookHashes.contains(row.content.bodyHash) { keep(row) }
        changes = RowChanges()
        guard digest == image.digest else {
            throw .digestMismatch(stored: image.digest, computed: digest)
        }
    }

    // MARK: webhooks

    private func decide(_ command: KeepWebhook) -> Decision<Void> {
        let isNew = !webhookHashes.contains(command.bodyHash)
        return isNew && webhooks.count < WebhookLimits.countMax ? .perform(()) : .answer(.done)
    }

    private mutating func keep(_ row: WebhookRow) {
        let place = webhooks.partitionIndex {
            ($0.receivedAt, $0.content.bodyHash) > (row.receivedAt, row.content.bodyHash)
        }
        webhooks.insert(row, at: place)
        webhookHashes.insert(row.content.bodyHash)
        changes.webhooks.append(row)
    }

    // MARK: time

    /// When something is next to be forgotten.
    func nextDue() -> WallTime? {
        let abandoned = imports.map { $0.startedAt + VenueLimits.unsealedLife }.min()
        let old = webhooks.first.map { $0.receivedAt + WebhookLimits.life }
        return [abandoned, old].compactMap(\.self).min()
    }

    private mutating func expireDue(_ command: ExpireDue, at now: WallTime) -> Outcome {
        var remaining = command.limit
        for pending in imports
        where remaining > 0 && pending.startedAt + VenueLimits.unsealedLife <= now {
            remaining -= 1
            imports.removeAll { $0.venue == pending.venue }
            changes.forgottenVenueParts.append(pending.venue)
        }
        while remaining > 0, let first = webhooks.first,
            first.receivedAt + WebhookLimits.life <= now
        {
            remaining -= 1
            webhooks.removeFirst()
            webhookHashes.remove(first.content.bodyHash)
            changes.forgottenWebhooks.append(first.content.bodyHash)
        }
        return .done
    }
}

enum VenueLimits {
    static let unsealedMax = 32
    /// After its first part.
    static let unsealedLife = Milliseconds.seconds(3_600)
}

enum WebhookLimits {
    static let life = Milliseconds.seconds(30 * 86_400)
    /// Beyond this many new ones are not kept: the alert on them is long since out.
    static let countMax = 10_000
}

import Inventory
import NodeCore
import Primitives

/// The maps that were rendered lately. An event's map is rendered at most once per interval,
/// whatever the load: within it everybody gets the same bytes, and who must see something newer
/// waits for the next rendering.
struct SeatMapCache: Sendable {
    struct Entry: Sendable {
        let event: EventID
        var bodies: SeatMapBodies
        var renderedAt: MonotonicTime
        /// When the core last said that this is the present, and how stale the core was then.
        var confirmedAt: MonotonicTime
        var staleness: Milliseconds?
    }

    enum Turn {
        /// The entry at this index is good enough.
        case ready(Int)
        /// Ask again then, with the same view.
        case wait(until: MonotonicTime)
    }

    let interval: Milliseconds
    let countMax: Int
    /// Few, hence no table.
    private(set) var entries: [Entry] = []

    init(interval: Milliseconds, countMax: Int) {
        invariant(interval >= .zero && countMax > 0, "SeatMapCache: \(interval) \(countMax)")
        self.interval = interval
        self.countMax = countMax
    }

    /// The entry that a local read may have without asking the core.
    func fresh(_ event: EventID, at now: MonotonicTime) -> Int? {
        guard let index = entries.firstIndex(where: { $0.event == event }),
            now < entries[index].confirmedAt + interval
        else { return nil }
        return index
    }

    /// Takes in what the core says the map is, and answers for it.
    mutating func turn(
        _ view: SeatMapView, _ staleness: Milliseconds?, _ consistency: Consistency,
        at now: MonotonicTime
    ) -> Turn {
        let event = view.event.content.event.event
        guard let index = entries.firstIndex(where: { $0.event == event }) else {
            return .ready(insert(event, view, staleness, at: now))
        }
        let known = entries[index].bodies.view.event.revision
        if known >= view.event.revision {
            if known == view.event.revision {
                entries[index].confirmedAt = now
                entries[index].staleness = staleness
            }
            return .ready(index)
        }
        let renderableAt = entries[index].renderedAt + interval
        if now < renderableAt {
            switch consistency {
            case .local: return .ready(index)
            case .linearizable: return .wait(until: renderableAt)
            }
        }
        entries[index] = Entry(
            event: event, bodies: SeatMapBodies(of: view, after: entries[index].bodies),
            renderedAt: now, confirmedAt: now, staleness: staleness)
        return .ready(index)
    }

    mutating func body(_ index: Int, _ form: SeatMapForm) -> [UInt8] {
        entries[index].bodies.body(form)
    }

    /// In the place of the entry that was confirmed longest ago, once there are enough.
    private mutating func insert(
        _ event: EventID, _ view: SeatMapView, _ staleness: Milliseconds?, at now: MonotonicTime
    ) -> Int {
        let entry = Entry(
            event: event, bodies: SeatMapBodies(of: view, after: nil), renderedAt: now,
            confirmedAt: now, staleness: staleness)
        guard entries.count >= countMax,
            let oldest = entries.indices.min(by: {
                entries[$0].confirmedAt < entries[$1].confirmedAt
            })
        else {
            entries.append(entry)
            return entries.count - 1
        }
        entries[oldest] = entry
        return oldest
    }
}

import API
import HTTPServer
import NodeCore
import Primitives

/// Where an answer goes.
enum Origin {
    case client(ResponsePlace)
    /// A peer sent the request on; it goes no further than here.
    case peer(NodeID, forward: UInt64)
}

/// A request whose answer is awaited.
struct PendingRequest {
    enum Waiting {
        case forCore
        /// The leader has it: without an answer by then its outcome is unknown.
        case forLeader(NodeID, until: MonotonicTime)
    }

    var exchange: Exchange
    var origin: Origin
    var body: [UInt8]
    var startedAt: MonotonicTime
    var waiting = Waiting.forCore
}

/// The requests of one front that are under way, by an id that is not used twice.
struct PendingRequests {
    private let front: Int
    private var slots: [(generation: UInt64, request: PendingRequest?)] = []
    private var free: [Int] = []

    init(front: Int) { self.front = front }

    mutating func insert(_ request: PendingRequest) -> RequestID {
        if let slot = free.popLast() {
            slots[slot].request = request
            return id(slot)
        }
        slots.append((generation: 1, request: request))
        return id(slots.count - 1)
    }

    mutating func remove(_ id: RequestID) -> PendingRequest? {
        let slot = id.slot
        guard slot < slots.count, id == self.id(slot), let request = slots[slot].request else {
            return nil
        }
        slots[slot].request = nil
        slots[slot].generation += 1
        free.append(slot)
        return request
    }

    /// Those that fit, taken out.
    mutating func removeAll(where fits: (PendingRequest) -> Bool) -> [PendingRequest] {
        var removed: [PendingRequest] = []
        for slot in slots.indices {
            guard let request = slots[slot].request, fits(request) else { continue }
            if let request = remove(id(slot)) { removed.append(request) }
        }
        return removed
    }

    private func id(_ slot: Int) -> RequestID {
        RequestID(front: front, slot: slot, generation: slots[slot].generation)
    }
}

/// From the lowest bit: 26 bits of the slot, 7 of the front, 31 of the generation, which begins
/// anew after two thousand million requests in one slot.
extension RequestID {
    private static let slotBits = 26
    private static let frontBits = 7

    init(front: Int, slot: Int, generation: UInt64) {
        self.init(
            generation << UInt64(Self.slotBits + Self.frontBits)
                | UInt64(front) << UInt64(Self.slotBits) | UInt64(slot))
    }

    /// The number of the front that it is a request of.
    var front: Int { Int(rawValue >> UInt64(Self.slotBits)) & (1 << Self.frontBits - 1) }

    fileprivate var slot: Int { Int(rawValue & (1 << UInt64(Self.slotBits) - 1)) }
}

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

/// The requests under way, by an id that is never used twice.
struct PendingRequests {
    private var slots: [(generation: UInt32, request: PendingRequest?)] = []
    private var free: [Int] = []

    mutating func insert(_ request: PendingRequest) -> RequestID {
        if let slot = free.popLast() {
            slots[slot].request = request
            return id(slot)
        }
        slots.append((generation: 1, request: request))
        return id(slots.count - 1)
    }

    mutating func remove(_ id: RequestID) -> PendingRequest? {
        let slot = Int(id.rawValue & 0xFFFF_FFFF)
        guard slot < slots.count, slots[slot].generation == UInt32(id.rawValue >> 32),
            let request = slots[slot].request
        else { return nil }
        slots[slot].request = nil
        slots[slot].generation &+= 1
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
        RequestID(UInt64(slots[slot].generation) << 32 | UInt64(slot))
    }
}

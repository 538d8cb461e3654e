import Primitives

/// Names a scheduled timer, to cancel it. Never reused for another timer of the same loop.
package struct TimerID: Hashable, Sendable {
    var slot: Int
    var sequence: UInt64
}

/// Actions by deadline: a binary heap in which each timer knows its place, so cancelling is as
/// cheap as scheduling and leaves nothing behind. Equal deadlines fire in the order of scheduling.
struct TimerHeap {
    private struct Entry {
        var deadline: MonotonicTime
        var sequence: UInt64
        var slot: Int

        func isBefore(_ other: Entry) -> Bool {
            deadline == other.deadline
                ? sequence < other.sequence : deadline < other.deadline
        }
    }

    private struct Timer {
        var sequence: UInt64
        var place: Int
        var action: () -> Void
    }

    private var heap: [Entry] = []
    private var timers: [Timer?] = []
    private var freeSlots: [Int] = []
    /// The sequence number of the next timer: every timer so far has a smaller one.
    private(set) var nextSequence: UInt64 = 0

    var count: Int { heap.count }
    /// When the next timer is due.
    var earliest: MonotonicTime? { heap.first?.deadline }

    mutating func insert(at deadline: MonotonicTime, _ action: @escaping () -> Void) -> TimerID {
        let sequence = nextSequence
        nextSequence += 1
        let timer = Timer(sequence: sequence, place: heap.count, action: action)
        let slot: Int
        if let free = freeSlots.popLast() {
            slot = free
            timers[slot] = timer
        } else {
            slot = timers.count
            timers.append(timer)
        }
        heap.append(Entry(deadline: deadline, sequence: sequence, slot: slot))
        siftUp(heap.count - 1)
        return TimerID(slot: slot, sequence: sequence)
    }

    /// Forgets a timer. Nothing happens when it fired or was cancelled before.
    mutating func remove(_ id: TimerID) {
        guard let timer = timers[id.slot], timer.sequence == id.sequence else { return }
        removeEntry(at: timer.place)
    }

    /// Takes the next timer due at `now` among those with a sequence number below `limit`.
    mutating func popDue(at now: MonotonicTime, before limit: UInt64) -> (() -> Void)? {
        guard let first = heap.first, first.deadline <= now, first.sequence < limit else {
            return nil
        }
        let action = timers[first.slot]?.action
        removeEntry(at: 0)
        return action
    }

    private mutating func removeEntry(at place: Int) {
        let slot = heap[place].slot
        timers[slot] = nil
        freeSlots.append(slot)
        let last = heap.removeLast()
        guard place < heap.count else { return }
        put(last, at: place)
        siftUp(place)
        siftDown(place)
    }

    private mutating func put(_ entry: Entry, at place: Int) {
        heap[place] = entry
        timers[entry.slot]?.place = place
    }

    private mutating func siftUp(_ start: Int) {
        var place = start
        let entry = heap[place]
        while place > 0 {
            let parent = (place - 1) / 2
            guard entry.isBefore(heap[parent]) else { break }
            put(heap[parent], at: place)
            place = parent
        }
        put(entry, at: place)
    }

    private mutating func siftDown(_ start: Int) {
        var place = start
        let entry = heap[place]
        while true {
            var child = 2 * place + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1].isBefore(heap[child]) { child += 1 }
            guard heap[child].isBefore(entry) else { break }
            put(heap[child], at: place)
            place = child
        }
        put(entry, at: place)
    }
}

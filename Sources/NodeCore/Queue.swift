/// A first-in, first-out queue whose limit is its users' affair; every operation takes constant
/// time on average.
struct Queue<Element> {
    /// Slots before `head` are left already.
    private var slots: [Element] = []
    private var head = 0

    var count: Int { slots.count - head }
    var isEmpty: Bool { head == slots.count }
    var first: Element? { isEmpty ? nil : slots[head] }

    mutating func append(_ element: Element) { slots.append(element) }

    mutating func popFirst() -> Element? {
        guard let element = first else { return nil }
        head += 1
        if isEmpty {
            slots.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 64, head * 2 >= slots.count {
            // Moving the rest is paid for by as many removals before.
            slots.removeFirst(head)
            head = 0
        }
        return element
    }

    /// Takes everything, oldest first.
    mutating func popAll() -> ArraySlice<Element> {
        defer { self = Queue() }
        return slots[head...]
    }
}

extension Queue: Sendable where Element: Sendable {}

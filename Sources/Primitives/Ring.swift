/// A first-in, first-out queue with a fixed limit, every operation in constant time. It is a
/// collection whose indices count from the front.
///
/// The slots are allocated once, all of them, when the first element arrives: an idle ring costs
/// nothing. A slot is emptied as soon as its element leaves.
@usableFromInline package struct Ring<Element> {
    /// The most elements that the ring holds.
    @usableFromInline package let capacity: Int
    @usableFromInline var slots: [Element?] = []
    @usableFromInline var head = 0
    @usableFromInline var used = 0

    /// An empty ring for `capacity` elements, at least one.
    @inlinable package init(capacity: Int) {
        invariant(capacity > 0, "a ring of capacity \(capacity) holds nothing")
        self.capacity = capacity
    }

    /// Whether `append(_:)` would refuse an element.
    @inlinable package var isFull: Bool { used == capacity }

    /// Adds an element at the back; false, and nothing changed, when the ring is full.
    @inlinable package mutating func append(_ element: Element) -> Bool {
        guard used < capacity else { return false }
        if slots.isEmpty { slots = Array(repeating: nil, count: capacity) }
        slots[slot(used)] = element
        used += 1
        return true
    }

    /// Takes the element at the front; nil when the ring is empty.
    @inlinable package mutating func popFirst() -> Element? {
        guard used > 0 else { return nil }
        let element = slots[head].take()
        head = slot(1)
        used -= 1
        return element
    }

    @inlinable func slot(_ position: Int) -> Int {
        let slot = head + position
        return slot < capacity ? slot : slot - capacity
    }
}

extension Ring: RandomAccessCollection, MutableCollection {
    @inlinable package var startIndex: Int { 0 }
    @inlinable package var endIndex: Int { used }

    /// The element at `position` from the front, which must be in 0..<count.
    @inlinable package subscript(position: Int) -> Element {
        get {
            invariant(position >= 0 && position < used, "\(position) of a ring of \(used)")
            guard let element = slots[slot(position)] else {
                invariantFailure("an empty slot at \(position) of a ring of \(used)")
            }
            return element
        }
        set {
            invariant(position >= 0 && position < used, "\(position) of a ring of \(used)")
            slots[slot(position)] = newValue
        }
    }
}

extension Ring: Sendable where Element: Sendable {}

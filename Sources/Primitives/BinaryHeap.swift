/// A priority queue: the smallest element in constant time, insertion and removal in logarithmic
/// time. Equal elements leave in no particular order, so one whose order must not depend on history
/// has to compare by all that it is.
@usableFromInline package struct BinaryHeap<Element: Comparable> {
    /// Each element is no larger than its children, at 2i + 1 and 2i + 2.
    @usableFromInline var elements: [Element] = []

    @inlinable package init() {}

    @inlinable package var count: Int { elements.count }
    /// Whether there is no smallest element.
    @inlinable package var isEmpty: Bool { elements.isEmpty }

    /// The smallest element; nil when the heap is empty.
    @inlinable package var min: Element? { elements.first }

    /// Adds an element, in logarithmic time.
    @inlinable package mutating func insert(_ element: Element) {
        elements.append(element)
        var hole = elements.count - 1
        while hole > 0 {
            let parent = (hole - 1) / 2
            guard element < elements[parent] else { break }
            elements[hole] = elements[parent]
            hole = parent
        }
        elements[hole] = element
    }

    /// Takes the smallest element; nil when the heap is empty.
    @inlinable package mutating func removeMin() -> Element? {
        guard let last = elements.popLast() else { return nil }
        guard let smallest = elements.first else { return last }
        var hole = 0
        while true {
            var child = 2 * hole + 1
            guard child < elements.count else { break }
            if child + 1 < elements.count, elements[child + 1] < elements[child] { child += 1 }
            guard elements[child] < last else { break }
            elements[hole] = elements[child]
            hole = child
        }
        elements[hole] = last
        return smallest
    }
}

extension BinaryHeap: Sendable where Element: Sendable {}

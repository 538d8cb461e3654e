import Primitives
import Testing

@Test func anEmptyHeapHasNoMinimum() {
    var heap = BinaryHeap<Int>()
    #expect(heap.isEmpty && heap.min == nil)
    #expect(heap.removeMin() == nil)
    heap.insert(1)
    #expect(heap.removeMin() == 1)
    #expect(heap.removeMin() == nil && heap.isEmpty)
}

@Test func heapSortsEveryPermutation() {
    func check(_ chosen: [Int], _ rest: [Int]) {
        guard !rest.isEmpty else {
            var heap = BinaryHeap<Int>()
            for element in chosen { heap.insert(element) }
            #expect(chosen.indices.map { _ in heap.removeMin() } == chosen.sorted())
            return
        }
        for index in rest.indices {
            var others = rest
            check(chosen + [others.remove(at: index)], others)
        }
    }
    check([], [1, 2, 2, 3, 4, 5])
}

@Test func heapAgreesWithASortedArray() {
    var random = PRNG(seed: 9)
    var heap = BinaryHeap<UInt64>()
    var model: [UInt64] = []
    for step in 0..<2_000 {
        // Grows for the first half, shrinks for the second.
        if random.next(below: 3) == 0 ? step >= 1_000 : step < 1_000 {
            let element = random.next(below: 50)
            heap.insert(element)
            model.insert(element, at: model.firstIndex { $0 >= element } ?? model.count)
        } else {
            #expect(heap.removeMin() == (model.isEmpty ? nil : model.removeFirst()))
        }
        #expect(heap.count == model.count && heap.min == model.first)
    }
}

import Primitives
import Testing

@Test func ringIsFirstInFirstOut() {
    var ring = Ring<String>(capacity: 3)
    #expect(ring.isEmpty && !ring.isFull && ring.first == nil && ring.last == nil)
    for text in ["a", "b", "c"] { #expect(ring.append(text) == true) }
    #expect(ring.isFull && ring.count == 3)
    #expect(ring.first == "a" && ring.last == "c")
    #expect(ring.popFirst() == "a")
    #expect(ring.append("d") == true)
    #expect(Array(ring) == ["b", "c", "d"])
    #expect(["b", "c", "d", nil].allSatisfy { ring.popFirst() == $0 })
}

@Test func aFullRingRefusesAndStaysAsItIs() {
    var ring = Ring<Int>(capacity: 1)
    #expect(ring.append(1) == true)
    #expect(ring.append(2) == false)
    #expect(Array(ring) == [1])
}

@Test func ringAgreesWithAnArray() {
    var random = PRNG(seed: 8)
    for capacity in 1...9 {
        var ring = Ring<Int>(capacity: capacity)
        var model: [Int] = []
        for step in 0..<500 {
            switch random.next(below: 5) {
            case 0, 1:
                #expect(ring.popFirst() == (model.isEmpty ? nil : model.removeFirst()))
            case 2 where !model.isEmpty:
                let position = random.next(in: 0...model.count - 1)
                ring[position] = -step
                model[position] = -step
            default:
                #expect(ring.append(step) == (model.count < capacity))
                if model.count < capacity { model.append(step) }
            }
            #expect(ring.elementsEqual(model))
            #expect(ring.count == model.count && ring.isFull == (model.count == capacity))
            #expect(ring.first == model.first && ring.last == model.last)
        }
    }
}

@Test func ringLetsGoOfWhatLeaves() {
    final class Token {}
    var ring = Ring<Token>(capacity: 2)
    weak var left: Token?
    do {
        let token = Token()
        left = token
        #expect(ring.append(token) == true)
    }
    #expect(left != nil)
    _ = ring.popFirst()
    #expect(left == nil)
}

@Test func ringMayHoldOptionals() {
    var ring = Ring<Int?>(capacity: 2)
    #expect(ring.append(nil) == true)
    #expect(ring.count == 1)
    #expect(ring[0] == nil)
    #expect(ring.popFirst() == .some(nil))
    #expect(ring.isEmpty)
}

@Test func aPositionBehindTheLastIsABadProgram() async {
    await #expect(processExitsWith: .failure) {
        var ring = Ring<Int>(capacity: 4)
        _ = ring.append(1)
        _ = ring[1]
    }
}

import Primitives
import Testing

@testable import Inventory

@Test func aTableOfIdsAgreesWithADictionary() {
    var random = PRNG(seed: 6)
    var table = IDTable()
    var model: [UInt128: UInt32] = [:]
    for step in 0..<20_000 {
        // Few keys, spread badly: they collide, and holes are made and filled.
        let key = UInt128(random.next(below: 700)) << 57
        if model[key] != nil, random.next(below: 3) > 0 {
            table.remove(key)
            model[key] = nil
        } else if model[key] == nil {
            table.insert(key, UInt32(step))
            model[key] = UInt32(step)
        }
        #expect(table[key] == model[key])
    }
    for key in 0..<700 { #expect(table[UInt128(key) << 57] == model[UInt128(key) << 57]) }
    table.remove(1)
    #expect(table[1] == nil)
}

@Test func sortedNumbersAreASetInOrder() {
    var numbers = SortedNumbers()
    for number in [3, 1, 2, 3, 9] as [UInt64] { numbers.insert(number) }
    #expect(numbers.numbers == [1, 2, 3, 9])
    numbers.remove(2)
    numbers.remove(4)
    #expect(numbers.numbers == [1, 3, 9])
}

@Test func aChunkedArrayKeepsItsElementsAcrossChunks() {
    var array = ChunkedArray<Int>()
    for value in 0..<3_000 { array.append(value) }
    array[1_500] = 7
    #expect(array.count == 3_000)
    #expect(array.indices.allSatisfy { array[$0] == ($0 == 1_500 ? 7 : $0) })
}

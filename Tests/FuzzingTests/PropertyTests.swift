import Fuzzing
import Primitives
import Testing

/// Every target's properties over its seeds and thousands of inputs near to them.
struct PropertyTests {
    @Test(arguments: FuzzTarget.allCases) func holdForInputsNearToSeeds(target: FuzzTarget) {
        var mutator = Mutator(
            target.seeds, bytesMax: target.inputBytesMax, random: PRNG(seed: 1))
        var verdicts: Set<Verdict> = []
        for _ in 0..<1_000 {
            let input = mutator.next()
            do throws(BrokenProperty) {
                verdicts.insert(try target.check(input))
            } catch {
                Issue.record("\(target.rawValue): not so: \(error) for \(input)")
                return
            }
        }
        #expect(verdicts == [.accepted, .refused])
    }

    @Test(arguments: FuzzTarget.allCases) func areReachedFromTheSeeds(target: FuzzTarget) throws {
        let verdicts = try target.seeds.map { seed in try target.check(seed) }
        #expect(verdicts.contains(.accepted))
        #expect(target.seeds.allSatisfy { $0.count <= target.inputBytesMax })
    }
}

import Fuzzing
import Primitives
import Testing

/// Every target's properties over its seeds, what they once failed for, and thousands of inputs
/// near to both.
struct PropertyTests {
    @Test(arguments: FuzzTarget.allCases) func holdForInputsNearToSeeds(target: FuzzTarget) {
        let findings = Finding.all.filter { $0.target == target }.map(\.input)
        var mutator = Mutator(
            target.seeds + findings, bytesMax: target.inputBytesMax, random: PRNG(seed: 1))
        var verdicts: Set<Verdict> = []
        for _ in 0..<2_000 {
            let input = mutator.next()
            do throws(BrokenProperty) {
                verdicts.insert(try target.check(input))
            } catch {
                Issue.record(
                    "not so: \(error): Finding(.\(target.rawValue), \"\(Hex.encode(input))\")")
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

    @Test(arguments: Finding.all.indices) func holdForWhatTheyOnceFailed(number: Int) {
        let finding = Finding.all[number]
        #expect(!finding.input.isEmpty)
        #expect(throws: Never.self) { try finding.target.check(finding.input) }
    }
}

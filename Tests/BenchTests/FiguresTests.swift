import Primitives
import Testing

@testable import Bench

struct FiguresTests {
    @Test(arguments: [
        (0, 1_000, 2, "0.00"), (2_914, 1_000, 2, "2.91"), (2_915, 1_000, 2, "2.92"),
        (999_996, 1_000, 2, "1000.00"), (5, 100, 2, "0.05"), (12_345, 100, 0, "123"),
        (1_049, 1_000, 1, "1.0"), (1_050, 1_000, 1, "1.1"),
    ])
    func decimalsAreRoundedHalfUp(value: Int, unit: Int, places: Int, text: String) {
        #expect(decimal(value, unit: unit, places: places) == text)
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1_000, "1,000"), (82_500, "82,500"), (1_234_567, "1,234,567"),
        (-1_234, "-1,234"),
    ])
    func thousandsAreGrouped(value: Int, text: String) {
        #expect(grouped(value) == text)
    }

    @Test func ratesArePerSecond() {
        #expect(rate(10_000, in: Nanoseconds(500_000_000)) == 20_000)
        #expect(rate(3, in: Nanoseconds(2_000_000_000)) == 1)
        #expect(rate(50_000_000, in: Nanoseconds(3_600_000_000_000)) == 13_888)
        #expect(rate(5, in: .zero) == 0)
    }

    @Test func spansEndAfterTheyBegin() {
        let early = MonotonicTime(nanoseconds: 1_000)
        let late = MonotonicTime(nanoseconds: 4_500)
        #expect(Nanoseconds(from: early, to: late) == Nanoseconds(3_500))
        #expect(Nanoseconds(from: late, to: early) == .zero)
        #expect(Nanoseconds(from: early, to: late).microseconds == 3)
    }

    @Test func progressComesOnceASecondAtMost() {
        var lines: [String] = []
        let progress = Progress { lines.append($0) }
        for _ in 0..<100 { progress.tick { "\($0.perSecond(5))" } }
        #expect(lines.isEmpty)
        progress.show("begun")
        #expect(lines == ["0 s  begun\n"])
    }

    @Test func findingsAreCountedByKindWithTheFirstCases() {
        var findings = Findings()
        #expect(findings.isEmpty && findings.text.isEmpty)
        for number in 1...7 { findings.add("seats differ", "seat \(number)") }
        var others = Findings()
        others.add("seats differ", "seat 8")
        others.add("no map", "status 500")
        findings.add(others)
        #expect(findings.count == 9)
        #expect(findings.kinds.map(\.count) == [8, 1])
        #expect(findings.kinds[0].examples == (1...5).map { "seat \($0)" })
        #expect(findings.text.hasPrefix("OFF: seats differ: 8\n     seat 1\n"))
        #expect(findings.text.hasSuffix("OFF: no map: 1\n     status 500\n"))
    }
}

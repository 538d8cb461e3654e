import Primitives
import SystemIO
import Testing

@testable import Bench

struct CommandLineTests {
    private func sale(_ arguments: String...) throws(BenchError) -> SaleOptions {
        try SaleCommand.parse(arguments[...]).0
    }

    private func holds(_ arguments: String...) throws(BenchError) -> HoldsOptions {
        try HoldsCommand.parse(arguments[...]).0
    }

    @Test func withoutOptionsTheDefaultsHold() throws {
        #expect(try sale() == SaleOptions())
        #expect(try holds() == HoldsOptions())
        #expect(try holds().connections == 64)
        #expect(try sale().stadium.seatCount == 82_500)
        #expect(
            ClusterNodes.local.map(\.description)
                == ["127.0.0.1:8101", "127.0.0.1:8102", "127.0.0.1:8103"])
    }

    @Test func everyOptionIsTaken() throws {
        let options = try sale(
            "--nodes", "127.0.0.1:1,[::1]:2", "--key-file=k", "--provider", "127.0.0.1:3",
            "--buyers", "7", "--think-ms", "0", "--seed=9", "--progress-file", "p",
            "--seconds-max", "60", "--small")
        #expect(options.nodes == [.ipv4(0x7F00_0001, port: 1), .ipv6(high: 0, low: 1, port: 2)])
        #expect(options.keyFile == "k" && options.progressFile == "p")
        #expect(options.provider == .ipv4(0x7F00_0001, port: 3))
        #expect(options.buyers == 7 && options.thinkMax == .zero && options.seed == 9)
        #expect(options.limit == .seconds(60) && options.stadium == .small)
        let load = try holds("--connections", "8", "--count", "500", "--watch", "5,6")
        #expect(load.watched == [ProcessNumber(5), ProcessNumber(6)])
        #expect(load.connections == 8 && load.length == .holds(500) && load.holdsMax == 500)
    }

    @Test func aSmallSaleHasFewerBuyersUnlessItIsTold() throws {
        #expect(try sale("--small").buyers == 24)
        #expect(try sale("--buyers", "5", "--small").buyers == 5)
    }

    @Test func theReportCanBeJSON() throws {
        #expect(try HoldsCommand.parse(["--json"]).1 == .json)
        #expect(try SaleCommand.parse([]).1 == .text)
    }

    @Test(arguments: [
        ["--buyers"], ["--buyers", "0"], ["--buyers", "many"], ["--nodes", ""],
        ["--nodes", "127.0.0.1"], ["--nodes", "127.0.0.1:1,"], ["--nope"], ["stray"],
        ["--small=yes"], ["--provider", "127.0.0.1:1,127.0.0.1:2"], ["--seed", "-1"],
    ])
    func whatIsNotUnderstoodIsNamed(arguments: [String]) {
        #expect {
            try SaleCommand.parse(arguments[...])
        } throws: { error in
            guard case .usage(let reason) = error as? BenchError else { return false }
            let option = arguments[0].split(separator: "=")[0]
            return reason.contains(option)
        }
    }

    @Test func aTimedRunKeepsSeatsReadyForItsWarmUpToo() throws {
        #expect(try holds("--seconds", "3").holdsMax == 4 * HoldsOptions.holdsPerSecondMax)
    }
}

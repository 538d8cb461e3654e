import HTTPProtocol
import Primitives
import SystemIO
import Testing

import class Foundation.FileManager

@testable import Bench

struct SaleTests {
    private let loop: EventLoop
    private let stadium = Stadium(sections: 3, rowsPerSection: 4, seatsPerRow: 10)
    private let ttl = Milliseconds(300)

    init() throws { loop = try EventLoop(wakeup: Wakeup()) }

    /// Sells the stadium out at the model and returns what is said of it.
    private func sell(
        _ weather: ModelCluster.Weather, defect: ModelInventory.Defect? = nil,
        limit: Milliseconds = .seconds(60), progressFile: String? = nil
    ) throws -> (report: SaleReport, model: ModelInventory) {
        let cluster = try ModelCluster(
            loop, stadium: stadium, ttl: ttl, weather, defect: defect)
        var options = SaleOptions()
        options.nodes = cluster.nodes.map(\.address)
        options.provider = cluster.provider
        options.stadium = stadium
        options.buyers = 12
        options.thinkMax = Milliseconds(5)
        options.holdTTL = ttl
        options.limit = limit
        options.refundsLimit = Milliseconds(100)
        options.progressFile = progressFile
        let key = try #require(AdminKey(file: Array("key".utf8)))
        let report = try SaleCommand.run(
            options, key: key, name: "test", loop: loop, progress: Progress { _ in })
        return (report, cluster.inventory)
    }

    @Test(arguments: [ModelCluster.Weather.calm, .rough])
    func everySeatIsSoldOnceAndEveryPromiseIsKept(weather: ModelCluster.Weather) throws {
        let (report, model) = try sell(weather)
        #expect(report.isClean, "\(report.findings.text)")
        #expect(report.figures.seatsBooked == stadium.seatCount)
        #expect(report.seatsInOneOrder == stadium.seatCount)
        #expect(report.seatsBookedByNode == [120, 120, 120])
        #expect(report.ordersConfirmed == model.orders.count { $0.status == "confirmed" })
        #expect(report.ordersCancelled == model.orders.count { $0.status == "cancelled" })
        #expect(report.charges == model.charges.count - 1, "those of this sale")
        #expect(report.amountKept == report.amountOfOrders)
        #expect(
            report.amountOfOrders
                == (0..<stadium.seatCount).reduce(0) { $0 + stadium.price(of: SeatNumber($1)) })
        #expect(report.figures.holdsAccepted >= model.orders.count)
        switch weather {
        case .calm: #expect(report.tally == CallTally())
        case .rough:
            #expect(report.tally.redirected > 0 && report.tally.lost > 0)
            #expect(report.tally.unavailable > 0 && report.tally.outcomeUnknown > 0)
        }
    }

    @Test func theReportSaysTheSameForPeopleAndPrograms() throws {
        let (report, _) = try sell(.calm)
        let json = try JSONValue(parsing: Array(report.json.utf8))
        #expect(json["event_id"]?.text == "evt_1")
        #expect(json["seats"]?.integer == 120 && json["seats_sold"]?.integer == 120)
        #expect(json["findings"]?.integer == 0 && json["off"] == .array([]))
        #expect(json["holds_accepted"]?.integer == Int64(report.figures.holdsAccepted))
        #expect(report.text.contains("sold             120 of 120 seats"))
        #expect(report.text.contains("seat maps        120, 120, 120 booked"))
        #expect(!report.text.contains("OFF"))
    }

    @Test(arguments: [
        (ModelInventory.Defect.losesAnOrder, "an acknowledged order is not there"),
        (.chargesWithoutAnOrder, "money was kept for no order"),
        (.keepsARefund, "a charge differs from its order"),
        (.forgetsToBook, "a seat map is not all booked"),
        (.sellsASeatTwice, "a seat is not in exactly one confirmed order"),
    ])
    func aBrokenPromiseIsFound(defect: ModelInventory.Defect, title: String) throws {
        let (report, model) = try sell(.calm, defect: defect)
        try #require(model.defect == nil, "the sale never met the defect")
        #expect(!report.isClean)
        #expect(report.findings.kinds.contains { $0.title == title }, "\(report.findings.text)")
        #expect(report.text.contains("OFF: \(title)"))
    }

    @Test func aSaleThatIsNotOverInTimeSaysSo() throws {
        let (report, _) = try sell(.calm, limit: Milliseconds(40))
        #expect(!report.isClean)
        #expect(report.figures.seatsBooked < stadium.seatCount)
        #expect(report.findings.kinds.first?.title == "the sale did not end in time")
    }

    @Test func theProgressFileEndsAtAThousand() throws {
        let path = "/tmp/holdfast-bench-progress-\(SystemClock.monotonicNow().nanoseconds)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        _ = try sell(.calm, progressFile: path)
        #expect(try readFile(path) == Array("1000\n".utf8))
    }
}

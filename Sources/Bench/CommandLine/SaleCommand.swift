import Primitives
import SystemIO

/// `holdfast-bench sale`.
enum SaleCommand {
    static let help = """
        holdfast-bench sale: sell a stadium out, then compare every promise with what is there

        USAGE: holdfast-bench sale [OPTIONS]

        Creates a stadium of 82,500 seats in 60 sections and an event, and lets buyers come who
        hold one to four seats, think, pay, are declined and pay again, give seats or the hold
        back, or go away and let it lapse, until every seat is booked. Calls that a dying leader
        left without an answer are repeated with their keys. Then it reads the seat map of every
        node, every order and every user's orders, and the provider's charges, and says what
        differs from what buyers were told. Ends with status 0 when nothing does.

        OPTIONS
          --nodes LIST          host:port of every node, separated by commas;
                                default 127.0.0.1:8101,127.0.0.1:8102,127.0.0.1:8103
          --key-file FILE       an administrator's key; default .holdfast/admin-key
          --provider HOST:PORT  the simulated payment provider; default 127.0.0.1:10100
          --small               1,500 seats in 6 sections instead
          --buyers N            at the same time, 1…4000; default 320, with --small 24
          --think-ms N          how long a buyer thinks at most, 0…60000; default 50
          --seed N              decides what buyers want; default 1
          --progress-file FILE  holds the sold share in thousandths while the sale goes on
          --seconds-max N       the sale and its audit are over by then, 1…3600; default 480
          --json                the report as one line of JSON; people's text goes to standard
                                error

        """

    /// - Returns: whether nothing was off.
    static func run(_ arguments: ArraySlice<String>) throws(BenchError) -> Bool {
        let (options, form) = try parse(arguments)
        let report = try run(
            options, key: try AdminKey.read(options.keyFile), name: BenchProgram.drawRunName(),
            loop: try BenchProgram.loop(),
            progress: Progress())
        BenchProgram.print(form, text: report.text, json: report.json)
        return report.isClean
    }

    /// Sells and audits.
    /// - Parameter name: tells this run's keys from those of any other.
    static func run(
        _ options: SaleOptions, key: AdminKey, name: String, loop: EventLoop, progress: Progress
    ) throws(BenchError) -> SaleReport {
        let nodes = ClusterNodes(options.nodes)
        let deadline = SystemClock.monotonicNow() + options.limit
        var progressFile: ProgressFile?
        if let path = options.progressFile { progressFile = try ProgressFile(path) }
        progress.show("loading \(grouped(options.stadium.seatCount)) seats")
        let earlier = Set(try Charge.list(loop, options.provider).map(\.attemptID))
        let clerk = Clerk(loop: loop, nodes: nodes)
        let venueID = try clerk.create(
            "/venues", "venue_id", key: key, idempotencyKey: "\(name)-venue",
            body: options.stadium.venueBody(name: "Stadium \(name)"))
        let eventID = try clerk.create(
            "/events", "event_id", key: key, idempotencyKey: "\(name)-event",
            body: options.stadium.eventBody(
                name: "Final \(name)", venueID: venueID,
                startsAt: SystemClock.wallNow() + .seconds(30 * 86_400),
                holdTTLSeconds: Int(options.holdTTL.rawValue / 1_000)...60))
        let writer = SaleWriter(
            eventID: eventID, run: name, stadium: options.stadium, key: key,
            userCount: options.userCount)
        let sale = SaleRun(
            loop: loop, nodes: nodes, options: options, writer: writer, progress: progress,
            progressFile: progressFile)
        nodes.tally = CallTally()
        sale.run(until: deadline)
        let tally = nodes.tally
        let audit = SaleAudit(
            loop: loop, nodes: nodes, options: options, writer: writer, ledger: sale.ledger,
            progress: progress, deadline: deadline)
        try audit.run(sale.ledger, exceptCharges: earlier)
        return SaleReport(
            options, venueID: venueID, eventID: eventID, sale, audit, tally)
    }

    static func parse(
        _ arguments: ArraySlice<String>
    ) throws(BenchError) -> (SaleOptions, ReportForm) {
        var arguments = Arguments(arguments)
        var options = SaleOptions()
        var buyers: Int?
        var form = ReportForm.text
        while let option = try arguments.next() {
            switch option {
            case "--nodes": options.nodes = try arguments.addresses()
            case "--key-file": options.keyFile = try arguments.value()
            case "--provider": options.provider = try arguments.address()
            case "--small": options.stadium = .small
            case "--buyers": buyers = try arguments.integer(in: 1...4_000)
            case "--think-ms":
                options.thinkMax = Milliseconds(Int64(try arguments.integer(in: 0...60_000)))
            case "--seed": options.seed = UInt64(try arguments.integer(in: 0...Int.max))
            case "--progress-file": options.progressFile = try arguments.value()
            case "--seconds-max":
                options.limit = .seconds(Int64(try arguments.integer(in: 1...3_600)))
            case "--json": form = .json
            default: throw .usage("unknown option '\(option)'")
            }
        }
        options.buyers = buyers ?? (options.stadium == .small ? 24 : options.buyers)
        return (options, form)
    }
}

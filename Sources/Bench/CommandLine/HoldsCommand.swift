import Primitives
import SystemIO

/// `holdfast-bench holds`.
enum HoldsCommand {
    static let help = """
        holdfast-bench holds: ask for two-seat holds as fast as the cluster answers, and measure

        USAGE: holdfast-bench holds [OPTIONS]

        Creates a venue and as many events as the run needs, so that every seat that it asks for is
        free, then keeps each connection busy: the next request leaves when the last one is
        answered. Follows the leader. Ends with status 0 when every request got its hold.

        OPTIONS
          --nodes LIST      host:port of every node, separated by commas;
                            default 127.0.0.1:8101,127.0.0.1:8102,127.0.0.1:8103
          --key-file FILE   an organizer's key; default .holdfast/admin-key
          --connections N   at the same time, 1…10000; default 64
          --seconds N       measured, after one that warms up, 1…600; default 10
          --count N         instead of --seconds: so many holds, all of them measured
          --watch LIST      process numbers, separated by commas, whose use of the processor is
                            measured along
          --json            the report as one line of JSON; people's text goes to standard error

        """

    /// - Returns: whether nothing was off.
    static func run(_ arguments: ArraySlice<String>) throws(BenchError) -> Bool {
        let (options, form) = try parse(arguments)
        let progress = Progress()
        let loop = try BenchProgram.loop()
        let nodes = ClusterNodes(options.nodes)
        let key = try AdminKey.read(options.keyFile)
        let name = BenchProgram.drawRunName()
        let eventIDs = try HoldsRun.prepare(
            loop: loop, nodes: nodes, options: options, key: key, run: name, progress: progress)
        progress.show("asking for holds on \(options.connections) connections")
        let report = HoldsRun(
            loop: loop, nodes: nodes, options: options, eventIDs: eventIDs, run: name,
            progress: progress
        ).run()
        BenchProgram.print(form, text: report.text, json: report.json)
        return report.isClean
    }

    static func parse(
        _ arguments: ArraySlice<String>
    ) throws(BenchError) -> (HoldsOptions, ReportForm) {
        var arguments = Arguments(arguments)
        var options = HoldsOptions()
        var form = ReportForm.text
        while let option = try arguments.next() {
            switch option {
            case "--nodes": options.nodes = try arguments.addresses()
            case "--key-file": options.keyFile = try arguments.value()
            case "--connections": options.connections = try arguments.integer(in: 1...10_000)
            case "--seconds": options.length = .seconds(try arguments.integer(in: 1...600))
            case "--count": options.length = .holds(try arguments.integer(in: 1...50_000_000))
            case "--watch": options.watched = try arguments.processes()
            case "--json": form = .json
            default: throw .usage("unknown option '\(option)'")
            }
        }
        return (options, form)
    }
}

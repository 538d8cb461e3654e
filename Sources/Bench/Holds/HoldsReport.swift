import HTTPProtocol
import Primitives

/// What was counted while holds were measured.
struct HoldFigures: Sendable {
    var startedAt = MonotonicTime.zero
    var endedAt = MonotonicTime.zero
    /// Processor time of this program meanwhile.
    var generatorCPU = Nanoseconds.zero
    /// The same of the processes that were watched.
    var watched: [(process: ProcessNumber, time: Nanoseconds)] = []
    private(set) var accepted = 0
    private(set) var refused = 0
    /// Definite answers that are neither, by status.
    private(set) var errors: [UInt16: Int] = [:]
    /// Calls that had no definite answer when the program lost its patience.
    var unanswered = 0
    /// Of accepted holds: from the first attempt to the answer.
    private(set) var latency = LatencyHistogram()

    /// Takes note of a definite answer.
    mutating func record(_ status: UInt16, _ span: Nanoseconds) {
        switch status {
        case 201:
            accepted += 1
            latency.record(span)
        case 409:
            refused += 1
        default:
            errors[status, default: 0] += 1
        }
    }

    var errorCount: Int { errors.values.reduce(0, +) }
    var answers: Int { accepted + refused + errorCount }
}

/// What `holdfast-bench holds` prints.
struct HoldsReport: Sendable {
    let figures: HoldFigures
    let connections: Int
    let tally: CallTally
    let latency: LatencySummary

    init(figures: HoldFigures, connections: Int, tally: CallTally) {
        self.figures = figures
        self.connections = connections
        self.tally = tally
        latency = LatencySummary(figures.latency)
    }

    var span: Nanoseconds { Nanoseconds(from: figures.startedAt, to: figures.endedAt) }
    var holdsPerSecond: Int { rate(figures.accepted, in: span) }

    /// This program's own processor time for each answer.
    var generatorCPUPerRequest: Nanoseconds {
        Nanoseconds(figures.generatorCPU.rawValue / UInt64(max(figures.answers, 1)))
    }

    /// The same of the processes that were watched, for each accepted hold.
    var watchedCPUPerHold: [(process: ProcessNumber, time: Nanoseconds)] {
        figures.watched.map {
            ($0.process, Nanoseconds($0.time.rawValue / UInt64(max(figures.accepted, 1))))
        }
    }

    /// Whether every request was answered, and answered with a hold: the seats were all free.
    var isClean: Bool {
        figures.accepted > 0 && figures.refused == 0 && figures.errors.isEmpty
            && figures.unanswered == 0
    }

    private var watchedText: String {
        watchedCPUPerHold.map {
            "process \($0.process.rawValue) CPU  \($0.time.oneDecimal) microseconds a hold\n"
        }.joined()
    }

    /// For people.
    var text: String {
        let errors = figures.errors.sorted { $0.key < $1.key }
            .map { "  \($0.key): \(grouped($0.value))" }.joined()
        return """
            holds accepted   \(grouped(figures.accepted)) in \(span.secondsText) s: \
            \(grouped(holdsPerSecond)) a second, \(connections) connections, two seats each
            refused          \(grouped(figures.refused))
            errors           \(grouped(figures.errorCount))\(errors)
            unanswered       \(grouped(figures.unanswered))
            latency (ms)     \(latency.text)
            generator CPU    \(generatorCPUPerRequest.oneDecimal) microseconds a request
            retries          \(tally.text)
            \(watchedText)
            """
    }

    /// For programs: one line.
    var json: String {
        var bytes: [UInt8] = []
        bytes.appendJSONObject { report in
            report.field("holds_per_second", holdsPerSecond)
            report.field("accepted", figures.accepted)
            report.field("refused", figures.refused)
            report.field("errors", figures.errorCount)
            report.field("unanswered", figures.unanswered)
            report.field("connections", connections)
            report.field("duration_us", span.microseconds)
            report.object("latency_us") { latency.write(to: &$0) }
            report.field("generator_cpu_ns_per_request", Int(generatorCPUPerRequest.rawValue))
            report.array("watched") { array in
                for watched in watchedCPUPerHold {
                    array.object { object in
                        object.field("pid", watched.process.rawValue)
                        object.field("cpu_ns_per_hold", Int(watched.time.rawValue))
                    }
                }
            }
            report.object("retries") { tally.write(to: &$0) }
        }
        return String(decoding: bytes, as: UTF8.self) + "\n"
    }
}

extension Nanoseconds {
    /// Such as `8.7`, in microseconds.
    fileprivate var oneDecimal: String { decimal(Int(rawValue), unit: 1_000, places: 1) }
}

extension LatencySummary {
    func write(to object: inout JSONObjectWriter) {
        object.field("p50", p50.microseconds)
        object.field("p95", p95.microseconds)
        object.field("p99", p99.microseconds)
        object.field("p999", p999.microseconds)
        object.field("max", longest.microseconds)
    }
}

extension CallTally {
    /// Such as `redirected 1, unavailable 0, outcome unknown 0, lost 0, unreachable 0`.
    var text: String {
        "redirected \(redirected), unavailable \(unavailable), "
            + "outcome unknown \(outcomeUnknown), lost \(lost), unreachable \(refused)"
    }

    func write(to object: inout JSONObjectWriter) {
        object.field("redirected", redirected)
        object.field("unavailable", unavailable)
        object.field("outcome_unknown", outcomeUnknown)
        object.field("lost", lost)
        object.field("unreachable", refused)
    }
}

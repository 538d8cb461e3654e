import Primitives

/// Every metric of a process, in the order in which it was declared. Filled at start-up, then
/// only read: the instruments themselves are what changes.
package struct MetricsRegistry: Sendable {
    private(set) var families: [MetricFamily] = []

    package init() {}

    /// Declares a counter; its name must end in `_total`.
    package mutating func counter(_ name: String, _ help: String) -> Counter {
        let counter = Counter()
        declare(name, help, [MetricSeries(labels: [], instrument: .counter(counter))])
        return counter
    }

    /// Declares a counter for each value of a label; its name must end in `_total`.
    package mutating func counters<Label: MetricLabel>(
        _ name: String, _ help: String, by label: Label.Type
    ) -> Labeled<Label, Counter> {
        let counters = Labeled<Label, Counter> { _ in Counter() }
        declareEach(name, help, by: label) { .counter(counters[$0]) }
        return counters
    }

    /// Declares a gauge.
    package mutating func gauge(_ name: String, _ help: String) -> Gauge {
        let gauge = Gauge()
        declare(name, help, [MetricSeries(labels: [], instrument: .gauge(gauge))])
        return gauge
    }

    /// Declares a gauge for each value of a label.
    package mutating func gauges<Label: MetricLabel>(
        _ name: String, _ help: String, by label: Label.Type
    ) -> Labeled<Label, Gauge> {
        let gauges = Labeled<Label, Gauge> { _ in Gauge() }
        declareEach(name, help, by: label) { .gauge(gauges[$0]) }
        return gauges
    }

    /// Declares a gauge for each set of labels.
    package mutating func gauges(
        _ name: String, _ help: String, labels: [[MetricLabelPair]]
    ) -> [Gauge] {
        let gauges = labels.map { _ in Gauge() }
        declare(
            name, help,
            zip(labels, gauges).map { MetricSeries(labels: $0, instrument: .gauge($1)) })
        return gauges
    }

    /// Declares a gauge that stands at 1 and says something with its labels.
    package mutating func info(_ name: String, _ help: String, labels: [MetricLabelPair]) {
        let gauge = Gauge()
        gauge.set(1)
        declare(name, help, [MetricSeries(labels: labels, instrument: .gauge(gauge))])
    }

    /// Declares a histogram of durations; its name must end in `_seconds`.
    package mutating func histogram(_ name: String, _ help: String) -> Histogram {
        histograms(name, help, labels: [[]])[0]
    }

    /// Declares a histogram of durations for each set of labels; those that have counted nothing
    /// yet are not shown when there are several.
    package mutating func histograms(
        _ name: String, _ help: String, labels: [[MetricLabelPair]]
    ) -> [Histogram] {
        let histograms = labels.map { _ in Histogram() }
        let series = zip(labels, histograms).map {
            MetricSeries(labels: $0, instrument: .histogram($1))
        }
        declare(name, help, series)
        return histograms
    }

    private mutating func declareEach<Label: MetricLabel>(
        _ name: String, _ help: String, by label: Label.Type,
        instrument: (Label) -> MetricInstrument
    ) {
        let series = Label.allCases.map {
            MetricSeries(
                labels: [MetricLabelPair(Label.name, $0.text)], instrument: instrument($0))
        }
        declare(name, help, series)
    }

    private mutating func declare(_ name: String, _ help: String, _ series: [MetricSeries]) {
        let family = MetricFamily(name: "holdfast_" + name, help: help, series: series)
        invariant(
            !families.contains { $0.name == family.name }, "\(family.name) is declared twice")
        families.append(family)
    }
}

/// A label and its value.
package struct MetricLabelPair: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// All series of one name.
struct MetricFamily: Sendable {
    let name: String
    let help: String
    let series: [MetricSeries]

    init(name: String, help: String, series: [MetricSeries]) {
        invariant(isMetricName(name), "\(name) is no metric name")
        for one in series {
            invariant(
                one.labels.allSatisfy { isMetricName($0.name) && !$0.name.contains(":") },
                "\(name) has a label whose name is none")
            invariant(
                name.hasSuffix(one.instrument.suffix),
                "\(name) must end in \(one.instrument.suffix)")
        }
        self.name = name
        self.help = help
        self.series = series
    }
}

struct MetricSeries: Sendable {
    let labels: [MetricLabelPair]
    let instrument: MetricInstrument
}

enum MetricInstrument: Sendable {
    case counter(Counter)
    case gauge(Gauge)
    case histogram(Histogram)

    /// How the name of such a metric ends (prometheus.io, "Metric and label naming").
    var suffix: String {
        switch self {
        case .counter: "_total"
        case .gauge: ""
        case .histogram: "_seconds"
        }
    }

    /// The word of the `TYPE` line.
    var type: String {
        switch self {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }
}

/// `[a-zA-Z_:][a-zA-Z0-9_:]*`, the data model's metric name.
private func isMetricName(_ name: String) -> Bool {
    let isAllowed = name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: ":"):
            true
        default: false
        }
    }
    return isAllowed && !name.isEmpty && name.first?.isNumber == false
}

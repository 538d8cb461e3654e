extension MetricsRegistry {
    /// What `prometheusText()` must be served as.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Every metric in Prometheus's text format 0.0.4 (prometheus.io, "Exposition formats").
    package func prometheusText() -> [UInt8] {
        var text = PrometheusText()
        for family in families { text.append(family) }
        return text.bytes
    }
}

private struct PrometheusText {
    var bytes: [UInt8] = []

    mutating func append(_ family: MetricFamily) {
        guard let type = family.series.first?.instrument.type else { return }
        append("# HELP \(family.name) ")
        appendEscaped(family.help, quotes: .kept)
        append("\n# TYPE \(family.name) \(type)\n")
        for series in family.series {
            switch series.instrument {
            case .counter(let counter):
                appendSample(family.name, series.labels, String(counter.value))
            case .gauge(let gauge):
                appendSample(family.name, series.labels, String(gauge.value))
            case .histogram(let histogram):
                let snapshot = histogram.snapshot()
                if snapshot.count > 0 || family.series.count == 1 {
                    append(snapshot, family.name, series.labels)
                }
            }
        }
    }

    private mutating func append(
        _ snapshot: HistogramSnapshot, _ name: String, _ labels: [MetricLabelPair]
    ) {
        let bounds = Histogram.bounds.map(decimalSeconds) + ["+Inf"]
        for (bound, count) in zip(bounds, snapshot.cumulativeCounts) {
            appendSample(name + "_bucket", labels + [MetricLabelPair("le", bound)], String(count))
        }
        appendSample(name + "_sum", labels, decimalSeconds(nanoseconds: snapshot.sumNanoseconds))
        appendSample(name + "_count", labels, String(snapshot.count))
    }

    private mutating func appendSample(
        _ name: String, _ labels: [MetricLabelPair], _ value: String
    ) {
        append(name)
        for (position, label) in labels.enumerated() {
            append(position == 0 ? "{" : ",")
            append("\(label.name)=\"")
            appendEscaped(label.value, quotes: .escaped)
            append("\"")
        }
        append(labels.isEmpty ? " " : "} ")
        append(value)
        append("\n")
    }

    private enum Quotes { case kept, escaped }

    private mutating func appendEscaped(_ text: String, quotes: Quotes) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): append("\\\\")
            case UInt8(ascii: "\n"): append("\\n")
            case UInt8(ascii: "\""): append(quotes == .escaped ? "\\\"" : "\"")
            default: bytes.append(byte)
            }
        }
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
}

private func decimalSeconds(nanoseconds: UInt64) -> String {
    decimal(nanoseconds, fractionDigits: 9)
}

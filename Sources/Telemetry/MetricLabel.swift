import Primitives

/// The values of one label that are known when the program is built: outcomes, queues.
package protocol MetricLabel: CaseIterable, RawRepresentable<Int>, Sendable {
    /// The label's name, such as `outcome`.
    static var name: String { get }
    /// This value as Prometheus shows it.
    var text: String { get }
}

/// One instrument for each value of a label, found by the value's number.
package struct Labeled<Label: MetricLabel, Instrument: Sendable>: Sendable {
    private let instruments: [Instrument]

    init(_ make: (Label) -> Instrument) {
        let labels = Array(Label.allCases)
        invariant(
            labels.map(\.rawValue) == Array(labels.indices),
            "the raw values of \(Label.self) must count up from 0")
        instruments = labels.map(make)
    }

    /// The instrument of one value.
    package subscript(label: Label) -> Instrument { instruments[label.rawValue] }
}

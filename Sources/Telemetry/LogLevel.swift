/// How much a log line matters. A log shows its own level and those before it. Raw values are the
/// words in the line and in the configuration.
package enum LogLevel: String, Comparable, CaseIterable, Sendable {
    /// Something was lost or refused that an operator must look into.
    case error
    /// Something that heals by itself, unless it keeps happening.
    case warn
    /// What the node did: few lines a minute in quiet times.
    case info
    /// For finding a defect; may be one line a request.
    case debug

    package static func < (a: LogLevel, b: LogLevel) -> Bool { a.rank < b.rank }

    private var rank: Int {
        switch self {
        case .error: 0
        case .warn: 1
        case .info: 2
        case .debug: 3
        }
    }
}

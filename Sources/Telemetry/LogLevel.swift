/// How much a log line matters. A log shows its own level and those before it.
package enum LogLevel: UInt8, Comparable, CaseIterable, Sendable {
    /// Something was lost or refused that an operator must look into.
    case error
    /// Something that heals by itself, unless it keeps happening.
    case warn
    /// What the node did: few lines a minute in quiet times.
    case info
    /// For finding a defect; may be one line a request.
    case debug

    /// The word in the line and in the configuration.
    package var name: StaticString {
        switch self {
        case .error: "error"
        case .warn: "warn"
        case .info: "info"
        case .debug: "debug"
        }
    }

    package static func < (a: LogLevel, b: LogLevel) -> Bool { a.rawValue < b.rawValue }
}

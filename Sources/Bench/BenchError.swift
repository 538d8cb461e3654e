import SystemIO

/// Why a run could not be made. What a run finds wrong with the cluster is in its report instead.
enum BenchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The command line was not understood.
    case usage(String)
    case file(String, reason: String)
    case system(String)
    /// No definite answer within the time that was given.
    case unanswered(call: String, seconds: Int64)
    /// An answer that the run can't go on with.
    case unexpected(call: String, status: UInt16, body: String)

    var description: String {
        switch self {
        case .usage(let reason): reason
        case .file(let path, let reason): "\(path): \(reason)"
        case .system(let reason): reason
        case .unanswered(let call, let seconds): "\(call): no answer within \(seconds) s"
        case .unexpected(let call, let status, let body):
            "\(call) was answered with \(status): \(body)"
        }
    }

    init(_ error: SystemError) { self = .system("\(error)") }
}

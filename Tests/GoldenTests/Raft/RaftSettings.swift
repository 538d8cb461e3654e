import Raft

/// A Raft cluster's limits, as scripts set them: `raft 3 append-bytes=100 inflight=2`.
struct RaftSettings {
    private typealias Limit = WritableKeyPath<RaftConfiguration, Int>
    private var values: [(limit: Limit, value: Int)] = []

    init(_ command: inout ScriptCommand) throws {
        for (name, limit) in Self.limits {
            if let value = try command.number(setting: name) { values.append((limit, value)) }
        }
    }

    func apply(to configuration: inout RaftConfiguration) {
        for (limit, value) in values { configuration[keyPath: limit] = value }
    }

    private static var limits: [(String, Limit)] {
        [
            ("heartbeat", \.heartbeatTicks), ("election-min", \.electionTicksMin),
            ("election-max", \.electionTicksMax), ("append-bytes", \.appendBytesMax),
            ("inflight", \.inflightMessagesMax), ("inflight-bytes", \.inflightBytesMax),
            ("uncommitted-bytes", \.uncommittedBytesMax), ("tail-bytes", \.tailBytesMax),
            ("reads", \.waitingReadsMax),
        ]
    }
}

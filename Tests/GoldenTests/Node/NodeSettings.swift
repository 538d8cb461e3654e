import NodeCore
import Primitives

/// A node's patience and limits, as scripts set them: `nodes 3 deadline=5s queue=4`.
struct NodeSettings {
    private typealias Span = WritableKeyPath<NodeCoreConfiguration, Milliseconds>
    private var spans: [(setting: Span, value: Milliseconds)] = []
    private var queueDepthMax: Int?

    init(_ command: inout ScriptCommand) throws {
        for (name, setting) in Self.spans {
            guard let text = command.setting(name) else { continue }
            spans.append((setting, try ScriptCommand.span(text)))
        }
        queueDepthMax = try command.number(setting: "queue")
    }

    func apply(to configuration: inout NodeCoreConfiguration) {
        for (setting, value) in spans { configuration[keyPath: setting] = value }
        if let queueDepthMax { configuration.queueDepthMax = queueDepthMax }
    }

    private static var spans: [(String, Span)] {
        [
            ("deadline", \.paymentDeadline), ("patience", \.commitPatience),
            ("expiry", \.expiryInterval), ("fate", \.fatePatience),
        ]
    }
}

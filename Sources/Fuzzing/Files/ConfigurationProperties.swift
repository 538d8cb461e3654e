import HTTPProtocol
import NodeRuntime
import Primitives
import Wire
import WriteAheadLog

/// Configuration files, with the secrets that they may name beside them, and identity files.
enum ConfigurationProperties {
    private static let path = "/etc/holdfast/node.json"
    private static let secrets = [
        "/etc/holdfast/cluster-secret": Array("0123456789abcdef\n".utf8),
        "/etc/holdfast/webhook-secret": Array("fedcba9876543210".utf8),
        "/etc/holdfast/short": Array("short".utf8),
    ]

    static func check(_ input: [UInt8]) throws(BrokenProperty) -> Verdict {
        if let identity = DirectoryIdentity(input) {
            try require(identity.text == input, "an identity has one text")
            return .accepted
        }
        let configuration: NodeConfiguration
        do {
            configuration = try read(input)
        } catch {
            try require(error.description.hasPrefix(path), "an error names the file")
            try require(
                secrets.values.allSatisfy { secret in
                    !error.description.contains(String(decoding: secret, as: UTF8.self))
                }, "an error shows no secret")
            return .refused
        }
        try checkRereading(configuration, input)
        try checkUse(of: configuration)
        return .accepted
    }

    private static func read(
        _ input: [UInt8]
    ) throws(ConfigurationError) -> NodeConfiguration {
        try NodeConfiguration(file: path) { path throws(DiskError) in
            if path == Self.path { return input }
            guard let secret = secrets[path] else {
                throw DiskError(operation: "open", path: path, errno: 2)
            }
            return secret
        }
    }

    /// Without comments, in strict JSON, and with the keys in another order, it says the same.
    private static func checkRereading(
        _ configuration: NodeConfiguration, _ input: [UInt8]
    ) throws(BrokenProperty) {
        guard let tree = try? JSONValue(parsing: input, dialect: .configuration),
            case .object(let members) = tree
        else { throw BrokenProperty("a configuration is an object") }
        for order in [members, members.reversed()] {
            var text: [UInt8] = []
            JSONValue.object(order).appendJSON(to: &text)
            try require(
                (try? read(text)) == configuration, "what is accepted reads the same again")
        }
    }

    /// What each part of the node is told can be made of it; a contradiction would trap.
    private static func checkUse(of configuration: NodeConfiguration) throws(BrokenProperty) {
        let urls = [configuration.httpURL, configuration.payments.url]
        for url in urls + configuration.members.map(\.httpURL) {
            try require(HTTPURL(url) != nil, "a URL that is taken can be followed: \(url)")
        }
        _ = WALOptions(segmentBytes: configuration.logSegmentBytes)
        _ = ClusterSecret(configuration.clusterSecret.bytes)
        _ = configuration.warnings
        _ = configuration.coreConfiguration
        _ = configuration.apiConfiguration
        _ = configuration.serverLimits
    }
}

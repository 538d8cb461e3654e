import SystemIO

/// The words after `holdfast provider`.
struct ProviderArguments {
    var listen: SocketAddress
    var directory: String
    var webhookSecretFile: String
    var webhookURLs: [WebhookURL]

    static let help = """
        holdfast provider: run the simulated payment provider

        USAGE: holdfast provider --listen HOST:PORT --dir DIR --webhook-secret-file FILE
                                 [--webhook-url URL]...

          --listen HOST:PORT          where it serves its API; port 0 lets the system choose one
          --dir DIR                   where its ledger lies; made when it is missing
          --webhook-secret-file FILE  holds the secret that webhooks are signed with
          --webhook-url URL           of a node that takes webhooks; may be repeated: the nodes are
                                      tried in turn

        Every charge is in its ledger before anybody is told: GET /charges shows the money taken
        and given back. It runs until SIGTERM or SIGINT, which let requests under way finish and
        end the process within five seconds; a second SIGINT ends it at once. Log lines, one JSON
        object each, go to standard error.

        """

    enum Request {
        case help
        case serve(ProviderArguments)
    }

    /// What is wrong with the words; names the flag.
    struct Failure: Error, Hashable, CustomStringConvertible {
        var description: String
        init(_ description: String) { self.description = description }
    }

    static func read(_ arguments: [String]) throws(Failure) -> Request {
        if arguments.contains("--help") || arguments.contains("-h") { return .help }
        var values: [String: [String]] = [:]
        var words = arguments[...]
        while let word = words.popFirst() {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let flag = String(parts[0])
            guard flags.contains(flag) else {
                throw Failure("\(flag): unknown argument")
            }
            let value = parts.count > 1 ? String(parts[1]) : words.popFirst()
            guard let value, !flags.contains(value) else {
                throw Failure("\(flag): a value is missing")
            }
            guard flag == "--webhook-url" || values[flag] == nil else {
                throw Failure("\(flag): given twice")
            }
            values[flag, default: []].append(value)
        }
        return .serve(try ProviderArguments(values))
    }

    private static let flags = ["--listen", "--dir", "--webhook-secret-file", "--webhook-url"]

    private init(_ values: [String: [String]]) throws(Failure) {
        let listenText = try Self.value("--listen", values)
        do throws(AddressError) {
            guard let address = try SocketAddress.resolve(listenText).first else {
                throw .unresolved(listenText, reason: "no address")
            }
            listen = address
        } catch {
            throw Failure("--listen: \(error)")
        }
        directory = try Self.value("--dir", values)
        webhookSecretFile = try Self.value("--webhook-secret-file", values)
        webhookURLs = []
        for text in values["--webhook-url"] ?? [] {
            guard let url = WebhookURL(text) else {
                throw Failure("--webhook-url: \(text): not an http URL with a known host")
            }
            webhookURLs.append(url)
        }
    }

    private static func value(
        _ flag: String, _ values: [String: [String]]
    ) throws(Failure) -> String {
        guard let value = values[flag]?.first else { throw Failure("\(flag): missing") }
        guard !value.isEmpty else { throw Failure("\(flag): empty") }
        return value
    }
}

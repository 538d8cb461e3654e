import SystemIO

/// The words after `holdfast provider`.
struct ProviderArguments {
    var listen: SocketAddress
    var directory: String
    var webhookSecretFile: String
    var webhookURLs: [WebhookURL]

    static let usage = """
        usage: holdfast provider --listen HOST:PORT --dir DIR --webhook-secret-file FILE
                                 [--webhook-url URL]...

        Runs the simulated payment provider: a small acquirer with a durable ledger.

          --listen HOST:PORT          where it serves its API; port 0 lets the system choose one
          --dir DIR                   where it keeps its ledger; made when it is missing
          --webhook-secret-file FILE  holds the secret that webhooks are signed with
          --webhook-url URL           http://HOST:PORT/PATH of a node that takes webhooks; may be
                                      repeated: the nodes are tried in turn
          --help                      shows this text

        It logs JSON lines to standard error, and stops on SIGTERM or SIGINT; a second one stops it
        at once. GET /charges shows the money it took and gave back.
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
        while let flag = words.popFirst() {
            guard flags.contains(flag) else {
                throw Failure(
                    flag.hasPrefix("-") ? "\(flag): no such flag" : "\(flag): not expected here")
            }
            guard let value = words.popFirst(), !flags.contains(value) else {
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
                throw Failure("--webhook-url: \(text): not http://HOST:PORT/PATH, or unknown host")
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

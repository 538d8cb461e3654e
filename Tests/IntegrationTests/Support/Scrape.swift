/// What a node's `/metrics` says, line for line.
struct Scrape {
    /// By the whole name, labels included, such as `holdfast_holds_total{outcome="accepted"}`.
    private var samples: [String: Double] = [:]
    /// Names with a type and a help text.
    private(set) var described: [String: String] = [:]

    init(_ text: String) throws {
        var helped: Set<Substring> = []
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 3)
            if line.hasPrefix("# HELP "), words.count == 4 {
                helped.insert(words[2])
            } else if line.hasPrefix("# TYPE "), words.count == 4 {
                guard helped.contains(words[2]) else {
                    throw ClusterFailure("no help before \(line)")
                }
                described[String(words[2])] = String(words[3])
            } else if let space = line.lastIndex(of: " "),
                let value = Double(line[line.index(after: space)...])
            {
                samples[String(line[..<space])] = value
            } else {
                throw ClusterFailure("no sample: \(line)")
            }
        }
    }

    subscript(name: String) -> Double? { samples[name] }

    /// How often a route was answered so.
    func requests(_ route: String, _ status: Int) -> Double? {
        let words = route.split(separator: " ")
        let labels = #"route="\#(words[1])",method="\#(words[0])",status="\#(status)""#
        return samples["holdfast_http_request_duration_seconds_count{\(labels)}"]
    }
}

extension TestCluster {
    func metrics(of node: Int) throws -> Scrape {
        try Scrape(try send(.get("/metrics"), to: node).text)
    }
}

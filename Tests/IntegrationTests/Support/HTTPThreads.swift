/// Where the nodes' HTTP runs: clients can't tell.
enum HTTPThreads: Int, CaseIterable {
    case theNodes = 0
    case two = 2

    func settings(_ others: [String: String] = [:]) -> [String: String] {
        others.merging(["http_loops": "\(rawValue)"]) { $1 }
    }
}

import Foundation
import HTTPProtocol
import Primitives
import SystemIO

/// A cluster of real processes on this machine, started from the project's example files.
final class TestCluster {
    let files: ClusterFiles
    let client: TestClient
    private var processes: [Int: ChildProcess] = [:]
    private var provider: ChildProcess?

    /// Initialises the nodes; none runs yet.
    init(_ size: ClusterSize, settings: [String: String] = [:]) throws {
        files = try ClusterFiles(size, settings: settings)
        client = try TestClient()
        let initialisations = try files.size.nodes.map { try holdfast("init", node: $0) }
        for process in initialisations {
            let ending = try process.wait()
            guard ending == .exited(0) else { throw ClusterFailure("init ended with \(ending)") }
        }
    }

    /// The processes end before their files go.
    deinit {
        processes.removeAll()
        provider = nil
    }

    private func holdfast(_ command: String, node: Int) throws -> ChildProcess {
        let log = files.log(of: node)
        return try ChildProcess(
            Program.holdfast, [command, "--config", files.config(of: node)], output: log,
            errors: log)
    }

    // MARK: processes

    var nodes: ClosedRange<Int> { files.size.nodes }
    var runningNodes: [Int] { nodes.filter { processes[$0]?.isRunning ?? false } }

    func start(_ node: Int) throws {
        precondition(!runningNodes.contains(node), "node \(node) runs already")
        processes[node] = try holdfast("serve", node: node)
    }

    /// Starts all that do not run, and waits until every node is ready.
    func startAll() throws {
        for node in nodes where !runningNodes.contains(node) { try start(node) }
        try awaitReady()
    }

    func process(_ node: Int) throws -> ChildProcess {
        guard let process = processes[node] else { throw ClusterFailure("\(node) never ran") }
        return process
    }

    /// SIGKILL for all of them before any is waited for.
    func kill(_ nodes: some Sequence<Int>) throws {
        let victims = try nodes.map { try process($0) }
        for victim in victims { victim.signal(SIGKILL) }
        for victim in victims { try victim.wait() }
    }

    func pause(_ node: Int) throws { try process(node).signal(SIGSTOP) }
    func resume(_ node: Int) throws { try process(node).signal(SIGCONT) }

    /// Starts the simulated payment provider.
    func startProvider() throws {
        let hook = "/payments/webhooks/simulated"
        var arguments = [
            "provider", "--listen", "127.0.0.1:\(files.providerPort)",
            "--dir", files.folder.file("provider"),
            "--webhook-secret-file", files.folder.file("webhook-secret"),
        ]
        for node in nodes {
            arguments += ["--webhook-url", "http://127.0.0.1:\(files.httpPort(of: node))\(hook)"]
        }
        let log = files.folder.file("provider.log")
        provider = try ChildProcess(Program.holdfast, arguments, output: log, errors: log)
        _ = try eventually("the provider answers") {
            try? client.send(.get("/charges"), to: files.providerPort)
        }
    }

    func pauseProvider() { provider?.signal(SIGSTOP) }
    func resumeProvider() { provider?.signal(SIGCONT) }

    /// The attempts that the provider has taken money for.
    func charges() throws -> [JSONValue] {
        let answer = try client.send(.get("/charges"), to: files.providerPort)
        guard case .array(let charges)? = answer["data"] else {
            throw ClusterFailure("no charges: \(answer.text)")
        }
        return charges
    }

    // MARK: calls

    func send(
        _ call: Call, to node: Int, timeout: Milliseconds = .seconds(20)
    ) throws -> Answer {
        try client.send(call, to: files.httpPort(of: node), timeout: timeout)
    }

    /// As a shop's client does: follows redirects, and tries again with the same key, at any node,
    /// for as long as it gets no answer that decides.
    func persist(_ call: Call, startingAt first: Int? = nil) throws -> Answer {
        var node = first ?? runningNodes.first ?? 1
        return try eventually("an answer to \(call.path)") {
            guard let answer = try? send(call, to: node, timeout: .seconds(5)),
                answer.status != 503 && answer.status != 504
            else {
                node = runningNodes.randomElement() ?? node
                return nil
            }
            guard answer.status == 307 else { return answer }
            let port = answer.header("Location").flatMap { URL(string: $0)?.port }
            node = nodes.first { Int(files.httpPort(of: $0)) == port } ?? node
            return nil
        }
    }

    // MARK: state

    struct Status {
        let role: String
        let term: Int64
        let leader: Int?
        let appliedIndex: Int64
        let commitIndex: Int64
        let digest: String
        let digestIndex: Int64
        /// Of the node's own log.
        let durableIndex: Int64
    }

    func status(_ node: Int) throws -> Status {
        let answer = try send(.get("/cluster/status"), to: node, timeout: .seconds(2))
        guard let role = answer["role"]?.text, let term = answer["term"]?.integer,
            let applied = answer["applied_index"]?.integer,
            let committed = answer["commit_index"]?.integer, let digest = answer["state_digest"],
            let value = digest["value"]?.text, let index = digest["index"]?.integer,
            let durable = answer["members"]?[node - 1]?["match_index"]?.integer
        else { throw ClusterFailure("no status: \(answer.text)") }
        return Status(
            role: role, term: term, leader: answer["leader_id"]?.text.flatMap { Int($0) },
            appliedIndex: applied, commitIndex: committed, digest: value, digestIndex: index,
            durableIndex: durable)
    }

    /// Waits until these nodes, or all that run, follow one leader among them and are caught up.
    /// - Returns: the leader.
    @discardableResult
    func awaitReady(_ some: [Int]? = nil) throws -> Int {
        let nodes = some ?? runningNodes
        return try eventually("nodes \(nodes) are ready") {
            let leaders = nodes.map { (try? status($0))?.leader }
            guard let leader = leaders.first ?? nil, nodes.contains(leader),
                leaders.allSatisfy({ $0 == leader }),
                nodes.allSatisfy({ (try? send(.get("/readyz"), to: $0).status) == 200 })
            else { return nil }
            return leader
        }
    }

    /// Makes a node the leader.
    func lead(_ node: Int) throws {
        _ = try eventually("node \(node) leads") {
            let leader = try awaitReady()
            if leader == node { return true }
            let transfer = Call.post("/cluster/transfer", #"{"to":"\#(node)"}"#)
            let answer = try send(transfer.asAdmin, to: leader)
            // 409: one is under way.
            guard [202, 307, 409, 503].contains(answer.status) else {
                throw ClusterFailure("no transfer: \(answer.text)")
            }
            return nil
        }
    }

    func followers(of leader: Int) -> [Int] { runningNodes.filter { $0 != leader } }

    /// Waits until the nodes have applied the same entries, and returns their digests of them.
    func digestsWhenEqual(_ nodes: [Int]) throws -> Set<String> {
        try eventually("nodes \(nodes) have applied the same") {
            let all = try nodes.map { try status($0) }
            let indexes = Set(all.map(\.digestIndex))
            guard indexes.count == 1, all.allSatisfy({ $0.commitIndex == $0.digestIndex }) else {
                return nil
            }
            return Set(all.map(\.digest))
        }
    }

    /// A metric's value: `series` is its name with its labels, as the text has it.
    func metric(_ series: String, of node: Int) throws -> Int? {
        let text = try send(.get("/metrics"), to: node).text
        return text.split(separator: "\n")
            .first { $0.hasPrefix("\(series) ") }
            .flatMap { Int($0.dropFirst(series.utf8.count + 1)) }
    }

    // MARK: logs

    /// The lines of a node's log, without what it says before its log begins.
    func log(of node: Int) throws -> [JSONValue] {
        let text = try String(contentsOfFile: files.log(of: node), encoding: .utf8)
        return text.split(separator: "\n").compactMap {
            try? JSONValue(parsing: Array($0.utf8))
        }
    }

    func messages(of node: Int) throws -> [String] {
        try log(of: node).compactMap { $0["message"]?.text }
    }
}

/// What a cluster under test did not do.
struct ClusterFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

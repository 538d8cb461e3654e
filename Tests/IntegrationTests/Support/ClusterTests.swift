import Foundation
import Synchronization
import Testing

/// All tests that run processes: one at a time, since the machine may have two cores only. What
/// fails is told together with the nodes' last words.
@Suite(.serialized, .compactMapIssues(withNodeLogs))
struct ClusterTests {}

/// Runs a test with a cluster that has come up, and takes it down whatever happens.
/// - Parameter prepare: changes files before the nodes start.
func withCluster(
    _ size: ClusterSize, settings: [String: String] = [:],
    prepare: (ClusterFiles) throws -> Void = { _ in }, _ body: (TestCluster) throws -> Void
) throws {
    let cluster = try TestCluster(size, settings: settings)
    try prepare(cluster.files)
    NodeLogs.current.withLock { $0 = .files(cluster.files.size.nodes.map(cluster.files.log)) }
    do {
        try cluster.startAll()
        try body(cluster)
        NodeLogs.current.withLock { $0 = .none }
    } catch {
        // The error is recorded when the files are gone.
        NodeLogs.current.withLock { $0 = .text($0.text) }
        throw error
    }
}

/// The logs of the cluster under test, or of the last one if it failed.
private enum NodeLogs {
    case none
    case files([String])
    case text(String)

    static let current = Mutex(NodeLogs.none)
    private static let linesMax = 30

    var text: String {
        switch self {
        case .none: ""
        case .text(let text): text
        case .files(let files):
            files.map { file in
                let log = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
                let lines = log.split(separator: "\n").filter(isTelling).suffix(Self.linesMax)
                return "\(file):\n" + lines.joined(separator: "\n")
            }
            .joined(separator: "\n")
        }
    }
}

/// Log lines, errors before the log begins, and of a crash its reason and our own functions.
private func isTelling(_ line: Substring) -> Bool {
    ["{", "holdfast "].contains(where: line.hasPrefix)
        || ["Fatal error", "Precondition failed", " in holdfast at "].contains(where: line.contains)
}

@Sendable private func withNodeLogs(_ issue: Issue) -> Issue? {
    let text = NodeLogs.current.withLock { $0.text }
    let comment = Comment(rawValue: text)
    // A suite's trait sees an issue once for the suite, the test and the case.
    guard !text.isEmpty, !issue.comments.contains(comment) else { return issue }
    var issue = issue
    issue.comments.append(comment)
    return issue
}

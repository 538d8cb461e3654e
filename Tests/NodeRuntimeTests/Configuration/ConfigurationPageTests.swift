import Foundation
import NodeRuntime
import Primitives
import Telemetry
import Testing

// cluster-configs/ held against the parser: what the page says is what the parser does.

@Suite struct TheConfigurationPage {
    @Test func namesEveryKeyAndNoOther() throws {
        let named = try Page.rows().map(\.key)
        #expect(Set(named).count == named.count)
        #expect(Set(named) == Set(try parserKeys()))
    }

    @Test func tellsWhichKeysAreRequired() throws {
        for row in try Page.rows() where row.fallback == "required" {
            let error = refusal(withoutKey(row.key))
            #expect(error?.key == row.key.replacing("[]", with: "[0]"))
            let isMissing = error?.reason == .missing || row.key == "members"
            #expect(isMissing, "\(row.key): \(String(describing: error))")
        }
    }

    @Test func tellsTheRangeOfEveryNumber() throws {
        let rows = try Page.rows().filter { $0.range != nil && !$0.key.contains("[") }
        #expect(rows.count > 20)
        for row in rows {
            let range = try #require(row.range)
            for number in [range.lowerBound - 1, range.upperBound + 1] {
                let error = refusal(change(row.key, to: String(number)))
                #expect(error?.reason == .outOfRange(range), "\(row.key) = \(number)")
            }
            for number in [range.lowerBound, range.upperBound] {
                let error = refusal(change(row.key, to: String(number)))
                let isInRange = error.map { $0.reason != .outOfRange(range) } ?? true
                #expect(isInRange, "\(row.key) = \(number)")
            }
        }
    }

    @Test func tellsEveryDefault() throws {
        let rows = try Page.rows().filter { !["required", "", "none"].contains($0.fallback) }
        #expect(rows.count > 25)
        for row in rows {
            let isBare = Int64(row.fallback) != nil || ["true", "false"].contains(row.fallback)
            let value = isBare ? row.fallback : "\"\(row.fallback)\""
            #expect(try load(change(row.key, to: value)) == load(), "\(row.key) = \(value)")
        }
    }

    @Test func tellsEveryChoice() throws {
        for (key, choices) in [
            ("log_level", LogLevel.allCases.map(\.rawValue)),
            ("leader_routing", LeaderRouting.allCases.map(\.rawValue)),
            ("api_keys[].role", KeyRole.allCases.map(\.rawValue)),
            ("payment_provider.kind", PaymentProviderKind.allCases.map(\.rawValue)),
        ] {
            let row = try #require(try Page.rows().first { $0.key == key })
            #expect(row.allowed == choices.joined(separator: ", "))
        }
    }
}

@Suite struct TheExampleConfigurations {
    @Test(arguments: [("one", 1), ("three", 3), ("five", 5)])
    func load(folder: String, count: Int) throws {
        let nodes = try (1...count).map { try Page.example("\(folder)/node-\($0).json") }
        #expect(nodes.map(\.nodeID.rawValue) == (1...UInt16(count)).map(\.self))
        for node in nodes {
            #expect(node.members.count == count)
            #expect(node.warnings.isEmpty)
            // Only what tells the nodes apart may differ.
            var other = node
            other.file = nodes[0].file
            other.nodeID = nodes[0].nodeID
            other.httpURL = nodes[0].httpURL
            #expect(other == nodes[0])
        }
    }
}

/// Every key that the parser asks for, learnt from its own refusals of an unknown one.
private func parserKeys() throws -> [String] {
    var keys: [String] = []
    for (object, prefix) in [
        ("", ""), ("hold_ttl_seconds", "hold_ttl_seconds."),
        ("payment_provider", "payment_provider."), ("members", "members[]."),
        ("api_keys", "api_keys[]."),
    ] {
        let intruder = "\"intruder\": 1"
        let sample = sampleKeys[object] ?? "{}"
        let changes =
            object.isEmpty
            ? ["intruder": "1"]
            : [
                object: sample.replacing(
                    "}", with: sample == "{}" ? "\(intruder)}" : ", \(intruder)}")
            ]
        let error = try #require(refusal(changes))
        guard case .unknownKey(let allowed) = error.reason else {
            Issue.record("\(error)")
            continue
        }
        keys += allowed.map { prefix + $0 }
    }
    // Objects are described by their keys.
    return keys.filter { !["hold_ttl_seconds", "payment_provider"].contains($0) }
}

/// The sample with one key set. Objects within the sample are rebuilt around it.
private func change(_ key: String, to value: String) -> [String: String?] {
    guard let dot = key.firstIndex(of: ".") else { return [key: value] }
    let object = String(key[..<dot])
    return [object: "{\"\(key[key.index(after: dot)...])\": \(value)}"]
}

/// The sample without one key, wherever it is.
private func withoutKey(_ key: String) -> [String: String?] {
    guard let dot = key.firstIndex(of: ".") else { return [key: nil] }
    let object = String(key[..<dot]).replacing("[]", with: "")
    let name = key[key.index(after: dot)...]
    return [object: sampleKeys[object]?.replacing("\"\(name)\"", with: "\"intruder\"")]
}

/// `cluster-configs/` in the package's root.
private enum Page {
    struct Row {
        let key: String
        let fallback: String
        let allowed: String
        let range: ClosedRange<Int64>?
    }

    static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "cluster-configs")

    /// The rows of every table whose first column is a key.
    static func rows() throws -> [Row] {
        let text = try String(contentsOf: folder.appending(path: "README.md"), encoding: .utf8)
        return text.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            let bounds = cells[4].split(separator: "…").compactMap { Int64($0) }
            return Row(
                key: cells[1].filter { !" `‡".contains($0) },
                fallback: cells[3].filter { $0 != "`" }, allowed: cells[4],
                range: bounds.count == 2 ? bounds[0]...bounds[1] : nil)
        }
    }

    /// An example, read with a secret wherever it names one's file.
    static func example(_ path: String) throws -> NodeConfiguration {
        let file = folder.appending(path: path)
        let text = try Data(contentsOf: file)
        return try NodeConfiguration(file: file.path) { asked throws(DiskError) in
            asked == file.path ? Array(text) : Array("sixteen bytes ok".utf8)
        }
    }
}

import Foundation

/// Where the scripts are: `Scripts/Raft` and `Scripts/Node`, beside the test's sources.
enum ScriptFolder {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Scripts")

    /// Every file below it, from there, sorted.
    static let files: [String] = {
        let paths = try? FileManager.default.subpathsOfDirectory(atPath: root.path)
        return (paths ?? []).filter {
            var isDirectory: ObjCBool = false
            let exists = FileManager.default.fileExists(
                atPath: root.appending(path: $0).path, isDirectory: &isDirectory)
            return exists && !isDirectory.boolValue
        }.sorted()
    }()

    static let scripts = files.filter(isScript)

    /// Whether it is played by a test: anything else in the folder would only seem to prove
    /// something.
    static func isScript(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        guard parts.count == 2, ["Raft", "Node"].contains(parts[0]), parts[1].hasSuffix(".txt")
        else { return false }
        return parts[1].dropLast(4).allSatisfy {
            $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-")
        }
    }

    static func read(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    static func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: root.appending(path: path), options: .atomic)
    }

    /// Whether to accept what is printed now.
    static let mustRewrite = ProcessInfo.processInfo.environment[rewriteVariable] == "1"
    static let rewriteVariable = "HOLDFAST_REWRITE_GOLDEN"
}

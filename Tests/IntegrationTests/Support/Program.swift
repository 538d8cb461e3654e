import Foundation
import Primitives

/// The programs that the tests run.
enum Program {
    /// The program under test: built beside the test bundle, from the same sources.
    static let holdfast: String = {
        let bundle = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        return bundle.deletingLastPathComponent().appending(path: "holdfast").path
    }()

    /// Somebody else's reader of the database files; nil when it isn't installed.
    static let sqlite3 = installed("sqlite3")
    static let curl = installed("curl")

    /// What a program that ended by itself has said.
    struct Result {
        var exitCode: Int32
        var output: String
        var errors: String
    }

    /// Runs a program to its end.
    static func run(
        _ arguments: [String], of program: String = holdfast,
        within limit: Milliseconds = .seconds(30)
    ) throws -> Result {
        let folder = try TemporaryFolder()
        let process = try ChildProcess(
            program, arguments, output: folder.file("output"), errors: folder.file("errors"))
        let ending = try process.wait(within: limit)
        let exitCode: Int32 =
            switch ending {
            case .exited(let code): code
            case .signalled(let signal): -signal
            }
        return Result(
            exitCode: exitCode, output: try folder.text("output"),
            errors: try folder.text("errors"))
    }

    private static func installed(_ name: String) -> String? {
        ["/usr/bin/\(name)", "/usr/local/bin/\(name)"]
            .first(where: FileManager.default.isExecutableFile)
    }
}

/// A folder of a test's own, gone with the value.
final class TemporaryFolder {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory
            .appending(path: "holdfast-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        ProcessGuard.shared.watch(folder: path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(
            atPath: file(name), withIntermediateDirectories: true)
    }

    func text(_ name: String) throws -> String {
        try String(contentsOfFile: file(name), encoding: .utf8)
    }

    func write(_ text: String, to name: String, permissions: Int = 0o600) throws {
        try Data(text.utf8).write(to: URL(filePath: file(name)))
        try FileManager.default.setAttributes(
            [.posixPermissions: permissions], ofItemAtPath: file(name))
    }
}

import Foundation
import Testing

// What scripts/prerequisites finds on machines that lack something. Each machine is a folder with
// the programs that it has; nothing of the real one is asked or changed.

@Suite struct ThePrerequisites {
    @Test func areSilentWhereNothingIsMissing() throws {
        let result = try Machine(has: [.swift("6.3.1"), .header, .shell]).check()
        #expect(result == Machine.Result(exitCode: 0, words: "", calls: []))
    }

    @Test func installWhatIsMissingAsRoot() throws {
        let machine = try Machine(has: [.swift("6.3.1"), .shell, .aptGet(.works), .root])
        let result = try machine.check()
        #expect(result.exitCode == 0)
        #expect(result.words.contains("libsqlite3-dev is missing: installing it with apt-get"))
        #expect(
            result.calls == [
                "apt-get update -q",
                "apt-get install -y -q --no-install-recommends libsqlite3-dev",
            ])
    }

    @Test func installThroughSudoThatAsksNoPassword() throws {
        let machine = try Machine(has: [.swift("6.3.1"), .shell, .aptGet(.works), .sudo])
        let result = try machine.check()
        #expect(result.exitCode == 0)
        #expect(result.calls.filter { $0.hasPrefix("sudo -n") }.count >= 2)
        #expect(result.calls.last?.hasSuffix("libsqlite3-dev") == true)
    }

    /// Nobody is there to type a password.
    @Test func sayWhatToTypeWhereTheyMayNotInstall() throws {
        let result = try Machine(has: [.swift("6.3.1"), .aptGet(.works)]).check()
        #expect(result.exitCode == 1)
        #expect(
            result.words == """
                error: SQLite's header sqlite3.h and its library are missing. Do this:
                    sudo apt-get update && sudo apt-get install -y libsqlite3-dev

                """)
        #expect(result.calls == [])
    }

    @Test func sayWhatToTypeWhereTheInstallationFails() throws {
        let machine = try Machine(has: [.swift("6.3.1"), .aptGet(.fails), .root])
        let result = try machine.check()
        #expect(result.exitCode == 1)
        #expect(result.words.hasSuffix("apt-get update && apt-get install -y libsqlite3-dev\n"))
        #expect(!result.words.contains("sudo"))
    }

    @Test func sayWhatIsNeededWhereThereIsNoAptGet() throws {
        let result = try Machine(has: [.swift("6.3.1"), .root]).check()
        #expect(result.exitCode == 1)
        #expect(result.words.contains("sqlite3.h"))
        #expect(result.words.contains("with this system's package manager"))
        #expect(!result.words.contains("apt-get"))
    }

    @Test func wantSwift() throws {
        let result = try Machine(has: [.header, .shell]).check()
        #expect(result.exitCode == 1)
        #expect(result.words.contains("swift is not on the PATH"))
        #expect(result.words.contains("6.3 or later"))
    }

    @Test(arguments: [("5.10.1", "5.10.1"), ("6.2.4", "6.2.4"), ("", "an unknown version")])
    func wantANewerSwift(_ version: String, _ words: String) throws {
        let result = try Machine(has: [.swift(version), .header, .shell]).check()
        #expect(result.exitCode == 1)
        #expect(result.words.contains("this is Swift \(words == version ? words : "of " + words)"))
    }

    @Test(arguments: ["6.3", "6.3.1", "6.10", "7.0"])
    func takeALaterSwift(_ version: String) throws {
        #expect(try Machine(has: [.swift(version), .header, .shell]).check().exitCode == 0)
    }

    /// Nothing is built with the program: without it less can be seen, and that is said.
    @Test func goOnWithoutTheSQLiteShell() throws {
        let result = try Machine(has: [.swift("6.3.1"), .header]).check()
        #expect(result.exitCode == 0)
        #expect(result.words.contains("note: the program sqlite3 is missing: no file is read."))
        #expect(result.words.contains("with this system's package manager"))
    }

    @Test func installTheSQLiteShellWhereTheyMay() throws {
        let machine = try Machine(has: [.swift("6.3.1"), .header, .aptGet(.works), .root])
        let result = try machine.check()
        #expect(result.exitCode == 0)
        #expect(result.calls.last == "apt-get install -y -q --no-install-recommends sqlite3")
    }
}

private struct Machine {
    enum Part {
        /// What `swift --version` says.
        case swift(String)
        case header
        case shell
        case aptGet(Outcome)
        case root
        /// Without a password.
        case sudo
    }

    enum Outcome { case works, fails }

    struct Result: Equatable {
        var exitCode: Int32
        /// On standard error; there is nothing on standard output, which scripts keep for answers.
        var words: String
        /// What was asked of apt-get and sudo.
        var calls: [String]
    }

    private let folder: TemporaryFolder

    init(has parts: [Part]) throws {
        folder = try TemporaryFolder()
        try folder.makeFolder("bin")
        for tool in ["bash", "sed", "sort", "env", "touch", "true"] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.file("bin/\(tool)"), withDestinationPath: "/usr/bin/\(tool)")
        }
        try add("id", "echo 1000")
        try add("sudo", "exit 1")
        for part in parts { try add(part) }
    }

    private func add(_ part: Part) throws {
        switch part {
        case .swift(let version): try add("swift", "echo 'Swift version \(version) (swift)'")
        case .header: try folder.write("", to: "sqlite3.h")
        case .shell: try add("sqlite3", "exit 0")
        case .root: try add("id", "echo 0")
        case .sudo:
            try add("sudo", #"echo "sudo $*" >>'\#(folder.file("calls"))'; shift; exec "$@""#)
        case .aptGet(.fails): try add("apt-get", "exit 100")
        case .aptGet(.works):
            try add(
                "apt-get",
                """
                echo "apt-get $*" >>'\(folder.file("calls"))'
                case "$*" in
                install*libsqlite3-dev) touch '\(folder.file("sqlite3.h"))' ;;
                install*sqlite3) touch '\(folder.file("installed"))' ;;
                esac
                """)
        }
    }

    /// Written by a process of its own: a child that another test starts meanwhile would inherit a
    /// descriptor open for writing, and a program that is being written can't be run (ETXTBSY).
    private func add(_ program: String, _ script: String) throws {
        let write = #"printf '#!/bin/bash\n%s\n' "$1" >"$2" && chmod 755 "$2""#
        let result = try Program.run(
            ["-c", write, "bash", script, folder.file("bin/\(program)")], of: "/bin/bash")
        #expect(result.exitCode == 0)
    }

    /// As scripts/test calls them, with the header looked for in the machine's folder.
    func check() throws -> Result {
        let file = ClusterFiles.repository.appending(path: "scripts/prerequisites").path
        let script = """
            set -euo pipefail
            export PATH='\(folder.file("bin"))'
            . '\(file)'
            has_sqlite() { [ -e '\(folder.file("sqlite3.h"))' ]; }
            require_build_tools
            wish_for_sqlite_shell 'no file is read'
            """
        let result = try Program.run(["-c", script], of: "/bin/bash")
        #expect(result.output == "")
        let calls = (try? folder.text("calls")) ?? ""
        return Result(
            exitCode: result.exitCode, words: result.errors,
            calls: calls.split(separator: "\n").map(String.init))
    }
}

import Testing

// Each checker against a small bad sample, and against its nearest innocent neighbour.

@Suite struct TheSizeCheckers {
    @Test func findALongFile() {
        let line = "let x = 1\n"
        let atLimit = sample(String(repeating: line, count: 500))
        let above = sample(String(repeating: line, count: 501))
        #expect(fileLengthFindings(atLimit).isEmpty)
        #expect(fileLengthFindings(above).map(\.line) == [501])
    }

    @Test func findAHighMedianInSourcesOnly() {
        let short = sample("\n")
        let long = sample(String(repeating: "\n", count: 171))
        let longTest = sample(String(repeating: "\n", count: 171), path: "Tests/RaftTests/A.swift")
        #expect(medianLengthFindings([short, long, long]).count == 1)
        #expect(medianLengthFindings([short, short, long, longTest, longTest]).isEmpty)
        #expect(medianLengthFindings([]).isEmpty)
    }

    @Test func findALongLineByColumnsNotBytes() {
        #expect(columnFindings(sample(String(repeating: "é", count: 100))).isEmpty)
        #expect(
            columnFindings(sample("\n" + String(repeating: "a", count: 101))).map(\.line) == [2])
    }

    @Test func findTabsAndTrailingSpaces() {
        #expect(whitespaceFindings(sample("a\n\tb\nc \nd")).map(\.line) == [2, 3])
    }

    @Test(arguments: ["func f()", "init()", "subscript(i: Int) -> Int", "var x: Int", "deinit"])
    func findALongBody(_ header: String) {
        func body(lines: Int) -> SourceFile {
            let middle = String(repeating: "        a()\n", count: lines - 2)
            return sample("struct S {\n    \(header) {\n\(middle)    }\n}\n")
        }
        #expect(functionLengthFindings(body(lines: 70)).isEmpty)
        #expect(functionLengthFindings(body(lines: 71)).map(\.line) == [2])
    }

    @Test func countNoBracesOfStringsAndComments() {
        let filler = String(repeating: "a()\n", count: 80)
        let text = """
            func short() {
                let a = "{ \\(b("{")) {"  // {
                let c = #"\\" { "#
                /* { /* { */ { */
            }
            let closure = {
            \(filler)}
            """
        #expect(functionLengthFindings(sample(text)).isEmpty)
    }

    @Test func takeNoOtherBodyForARequirements() {
        let filler = String(repeating: "    case a\n", count: 80)
        let text = """
            protocol P {
                func f() throws(E) -> [Int]
                init(x: Int)
                var y: Int { get }
            }
            struct S { var z: Int }
            enum Long {
            \(filler)}
            """
        #expect(functionLengthFindings(sample(text)).isEmpty)
    }

    @Test func lookThroughDefaultArguments() {
        let filler = String(repeating: "    a()\n", count: 80)
        let text = "func f(\n    g: () -> Void = { },\n    h: [Int] = []\n) {\n\(filler)}\n"
        #expect(functionLengthFindings(sample(text)).map(\.line) == [1])
    }
}

@Suite struct TheLayerCheckers {
    @Test(
        arguments: [
            ("import Foundation", "Foundation"), ("package import Primitives", "Primitives"),
            ("@preconcurrency import Glibc", "Glibc"), ("import struct Wire.Frame", "Wire"),
            ("@testable internal import Raft", "Raft"), ("let important = 1", nil),
        ] as [(String, String?)])
    func readImports(_ line: String, _ module: String?) {
        #expect(importedModule(line) == module)
    }

    @Test(
        arguments: [
            ("Sources/Raft/A.swift", "import Glibc", 1),
            ("Sources/Raft/A.swift", "import SystemIO", 1),
            ("Sources/API/A.swift", "import Synchronization", 1),
            ("Sources/Raft/A.swift", "package import Primitives", 0),
            ("Sources/SystemIO/A.swift", "import CLinux", 0),
            ("Sources/HTTPServer/A.swift", "import CLinux", 1),
            ("Sources/NodeRuntime/A.swift", "import CSQLite", 1),
            ("Sources/SeatStore/A.swift", "import CSQLite", 0),
            ("Sources/HTTPServer/A.swift", "import FoundationEssentials", 1),
            ("Sources/NodeRuntime/A.swift", "import Dispatch", 1),
            ("Sources/Payments/A.swift", "import Foundation", 0),
            ("Tests/RaftTests/A.swift", "import Foundation", 0),
            ("Tests/RaftTests/A.swift", "import CSQLite", 1),
            ("Sources/Raft/A.swift", "// import Foundation", 0),
        ])
    func findForbiddenImports(path: String, text: String, count: Int) {
        #expect(importFindings(sample(text, path: path)).count == count)
    }

    @Test(
        arguments: [
            "let now = Date()", "let n = Int.random(in: 0..<3)", "Task { run() }", "print(x)",
            "var h = Hasher()", "seats.shuffled()", "DispatchQueue.main", "let x: Double = 0",
            "func f() async {}", "x.hashValue", "let f: Float", "\"\\(Date())\"",
        ])
    func findImpureWords(_ text: String) {
        #expect(purityFindings(sample(text)).count == 1)
        #expect(purityFindings(sample(text, path: "Sources/SystemIO/A.swift")).isEmpty)
        #expect(purityFindings(sample(text, path: "Tests/RaftTests/A.swift")).isEmpty)
    }

    @Test(
        arguments: [
            "// Date() is a clock", "let s = \"print(x)\"", "fingerprint(x)", "WallDate(1)",
            "func hash(into hasher: inout Hasher) {}", "DoubleBuffer()",
        ])
    func passPureWords(_ text: String) {
        #expect(purityFindings(sample(text)).isEmpty)
    }

    @Test func findDefaultLabels() {
        let text = "switch x {\ncase .a: 1\ndefault: 2\n}\nswitch y {\n@unknown default:\n3\n}"
        #expect(defaultLabelFindings(sample(text)).map(\.line) == [3, 6])
        #expect(defaultLabelFindings(sample(text, path: "Sources/Wire/A.swift")).isEmpty)
        #expect(defaultLabelFindings(sample("counts[key, default: 0] += 1")).isEmpty)
    }
}

@Suite struct TheSafetyCheckers {
    @Test func findWorkPutOff() {
        let text =
            "// TO" + "DO: later\nlet a = \"FIX" + "ME\"\nlet pattern = \"XXXXXX\"\n// HA" + "CK"
        #expect(putOffFindings(sample(text)).map(\.line) == [1, 2, 4])
    }

    @Test func findForce() {
        let text = "try" + "! f()\nlet a = b as" + "! C\nlet c = try f()\n// try" + "! is bad"
        #expect(crashFindings(sample(text)).map(\.line) == [1, 2])
    }

    @Test func findMuteAssertions() {
        let text = "precondition" + "(a)\ninvariant(a, text)\nfatalError" + "()\n// precondition"
        #expect(muteAssertionFindings(sample(text)).map(\.line) == [1, 3])
        #expect(muteAssertionFindings(sample(text, path: "Tests/RaftTests/A.swift")).isEmpty)
    }

    @Test(
        arguments: [
            "final class A: @unchecked" + " Sendable {}", "nonisolated" + "(unsafe) let a = 1",
            "@pre" + "concurrency import Glibc",
        ])
    func findUnprovenSharing(_ text: String) {
        #expect(unprovenFindings(sample(text)).count == 1)
        #expect(unprovenFindings(sample("// Just because.\n" + text)).count == 1)
        #expect(unprovenFindings(sample("// Proof: set once.\nlet b = 2\n" + text)).count == 1)
        #expect(unprovenFindings(sample("// Proof: set once,\n// read later.\n" + text)).isEmpty)
        #expect(
            unprovenFindings(sample("/// A thing. Proof: locked.\n@usableFromInline\n" + text))
                .isEmpty)
    }
}

@Suite struct TheDocumentationChecker {
    private func findings(_ text: String, requirements: Set<String> = []) -> [Int] {
        documentationFindings(sample(text), requirements: requirements).map(\.line)
    }

    @Test(
        arguments: [
            "package struct A {", "package func f() {", "package var a: Int", "package enum A {",
            "@inlinable package static func f() {", "package typealias A = Int",
            "package private(set) var a: Int", "package final class A {",
            "package class func f() {", "package subscript(i: Int) -> Int {",
        ])
    func findsMissingComments(_ declaration: String) {
        #expect(findings(declaration) == [1])
        #expect(findings("// Not a doc comment.\n" + declaration) == [2])
        #expect(findings("/// What it is.\n" + declaration).isEmpty)
        #expect(findings("/// What it is.\n@inlinable\n" + declaration).isEmpty)
        #expect(findings(declaration.replacing("package", with: "fileprivate")).isEmpty)
    }

    @Test(
        arguments: [
            "package init(a: Int) {", "package static func < (a: A, b: A) -> Bool {",
            "package var description: String {", "package func hash(into h: inout Hasher) {",
            "package import Primitives", "package extension A {",
        ])
    func excuses(_ declaration: String) {
        #expect(findings(declaration).isEmpty)
    }

    @Test func letsACommentCoverTheLinesBelow() {
        let record = """
            /// A point: both ordinates.
            package struct Point {
                package var x: Int
                package var y: Int

                package var z: Int
            }
            """
        #expect(findings(record) == [6])
    }

    @Test func letsATypesCommentCoverNoFunction() {
        #expect(findings("/// A thing.\npackage struct A {\n    package func f() {}\n}") == [3])
    }

    @Test func letsACommentCoverAGroup() {
        let group = """
            /// Fixed widths.
            package func u8() -> UInt8 { read() }
            package func u16() -> UInt16 { read() }
            package func u32() -> UInt32 {
                read()
            }
            package func u64() -> UInt64 { read() }
            """
        #expect(findings(group) == [7])
    }

    @Test func letsACommentCoverAGroupOfTypes() {
        let kinds = """
            /// What an id names.
            package enum A: Kind { package static var prefix: String { "a" } }
            package enum B: Kind { package static var prefix: String { "b" } }
            package enum C: Kind {
            }
            """
        #expect(findings(kinds) == [4])
    }

    @Test func letsACommentCoverOverloads() {
        let overloads = """
            package func f(_ a: Int) {
            }
            /// Does f.
            package func f(_ a: UInt) {
            }

            package func f(_ a: String) {
            }
            package func g() {
            }
            """
        #expect(findings(overloads) == [1, 9])
    }

    @Test func reportsATypeWithoutACommentOnce() {
        #expect(findings("package struct A {\n    package var a: Int\n}") == [1])
    }

    @Test func endsTheCoverAtALongProperty() {
        let text = """
            /// A.
            package var a: Int {
                1
            }
            package var b: Int
            """
        #expect(findings(text) == [5])
    }

    @Test func excusesWhatAProtocolRequires() {
        let file = sample(
            """
            package protocol Disk {
                /// Makes it durable.
                func sync(_ file: Int)
                var size: Int { get }
            }
            package func other() {}
            """)
        let names = protocolRequirements([file])
        #expect(names == ["sync", "size"])
        #expect(findings("package func sync(_ file: Int) {", requirements: names).isEmpty)
        #expect(findings("package func synchronize() {", requirements: names) == [1])
    }
}

@Suite struct ThePackageCheckers {
    private let manifest = SourceFile(
        path: "Package.swift",
        text: """
            func layer(_ name: String) -> Target { .target(name: name) }
            let all = [layer("Raft"), layer(
                "Wire", ["Raft"]), program("holdfast", []), tests("RaftTests", ["Raft"]),
                .systemLibrary(name: "CLinux")]
            """)

    @Test func readTheTargets() {
        let targets = declaredTargets(manifest)
        #expect(targets.sources == ["Raft", "Wire", "holdfast", "CLinux"])
        #expect(targets.tests == ["RaftTests"])
    }

    @Test func passAMatch() {
        let findings = manifestFindings(
            manifest, sourceFolders: ["CLinux", "Raft", "Wire", "holdfast"],
            testFolders: ["RaftTests"])
        #expect(findings.isEmpty)
    }

    @Test func findFoldersWithoutTargetsAndTargetsWithoutFolders() {
        let findings = manifestFindings(
            manifest, sourceFolders: ["CLinux", "Raft", "Wire", "Old"], testFolders: [])
        #expect(
            findings.map(\.description) == [
                "Package.swift:1: target holdfast has no folder Sources/holdfast",
                "Sources/Old:1: no target of Package.swift",
                "Package.swift:1: target RaftTests has no folder Tests/RaftTests",
            ])
    }

    @Test func findAPackageDependency() {
        let text = "let p = Package(dependencies: [\n  .package(url: \"x\", from: \"1.0.0\")])"
        let manifest = SourceFile(path: "Package.swift", text: text)
        #expect(manifestFindings(manifest, sourceFolders: [], testFolders: []).map(\.line) == [2])
    }

    @Test func findStrangersAtTheTop() {
        let findings = topLevelFindings(["README.md", ".gitignore", "docs", "Sources", "Makefile"])
        #expect(findings.map(\.path) == ["Makefile", "docs"])
    }
}

@Suite struct TheReferenceChecker {
    @Test(
        arguments: [
            "/// See DESIGN.md.", "// consensus §7.2", "/// The contract's §1.",
            "# as in research/limits",
        ])
    func findsWhatPointsNowhere(_ line: String) {
        #expect(referenceFindings(sample("\n\(line)\n")).map(\.line) == [2])
    }

    @Test(
        arguments: [
            "/// RFC 9110 §4.2", "/// thesis §6.4", "let shared = 1", "/// ARCHITECTURE.md",
            "// the design of it",
        ])
    func letsPublishedThingsPass(_ line: String) {
        #expect(referenceFindings(sample(line)).isEmpty)
    }
}

private func sample(_ text: String, path: String = "Sources/Raft/Sample.swift") -> SourceFile {
    SourceFile(path: path, text: text)
}

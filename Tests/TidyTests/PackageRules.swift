/// The fixed top level. Names that begin with a dot are free.
private let topLevel: Set = [
    "Package.swift", "Sources", "Tests", "cluster-configs", "scripts", "chaos", "README.md",
]

func topLevelFindings(_ entries: [String]) -> [Finding] {
    entries.sorted().filter { !$0.hasPrefix(".") && !topLevel.contains($0) }.map {
        Finding(path: $0, line: 1, message: "the top level is fixed: this does not belong there")
    }
}

/// No package dependency, and a folder for each target.
func manifestFindings(
    _ manifest: SourceFile, sourceFolders: [String], testFolders: [String]
) -> [Finding] {
    var findings = manifest.code.enumerated().filter { $1.contains(".package(") }.map {
        manifest.finding(line: $0.offset, "no package dependencies")
    }
    let targets = declaredTargets(manifest)
    let checks = [
        ("Sources", targets.sources, Set(sourceFolders)),
        ("Tests", targets.tests, Set(testFolders)),
    ]
    for (root, declared, folders) in checks {
        findings += declared.subtracting(folders).sorted().map {
            manifest.finding(line: 0, "target \($0) has no folder \(root)/\($0)")
        }
        findings += folders.subtracting(declared).sorted().map {
            Finding(path: "\(root)/\($0)", line: 1, message: "no target of Package.swift")
        }
    }
    return findings
}

/// The names in the manifest's `layer(…)`, `program(…)`, `.systemLibrary(name: …)` and `tests(…)`.
func declaredTargets(_ manifest: SourceFile) -> (sources: Set<String>, tests: Set<String>) {
    let text = manifest.lines.joined(separator: " ")
    func names(after call: String) -> Set<String> {
        var names: Set<String> = []
        for part in text.split(separator: call).dropFirst() {
            let argument = part.drop { $0 == " " }
            guard argument.first == "\"" else { continue }
            names.insert(String(argument.dropFirst().prefix { $0 != "\"" }))
        }
        return names
    }
    let sources = ["layer(", "program(", ".systemLibrary(name:"].map(names)
    return (sources.reduce([]) { $0.union($1) }, names(after: " tests("))
}

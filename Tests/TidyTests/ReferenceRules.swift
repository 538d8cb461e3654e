/// Comments explain themselves, or point into the repository or to something published. These
/// would point to nothing that a reader of the repository has.
func referenceFindings(_ file: SourceFile) -> [Finding] {
    // The rule's own samples.
    guard !file.path.hasPrefix("Tests/TidyTests/") else { return [] }
    return file.lines.enumerated().flatMap { line, text in
        let lowered = text.lowercased()
        return unreachable.filter(lowered.contains).map {
            file.finding(line: line, "`\($0)` is not in the repository: say it here")
        }
    }
}

private let unreachable = [
    "design.md", "requirements.md", "style.md", "(design", "design §", "api §", "api.md",
    "consensus §", "consensus trap", "contract's §", "founding document", "/work/", "shared/",
    "research/",
]

// The words below are put together, so that this file does not break its own rules.

private let putOffFinder = WordFinder(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"])
private let crashFinder = WordFinder(["try" + "!", "as" + "!"])
private let muteAssertionFinder = WordFinder([
    "precondition", "preconditionFailure", "assert", "assertionFailure", "fatalError",
])
private let unprovenFinder = WordFinder([
    "@unchecked" + " Sendable", "nonisolated" + "(unsafe)", "@pre" + "concurrency",
])

/// Work put off stays undone: do it or leave it out.
func putOffFindings(_ file: SourceFile) -> [Finding] {
    putOffFinder.occurrences(in: file.lineBytes).map { line, word in
        file.finding(line: line, "`\(word)`: nothing is put off")
    }
}

/// Bad input is an error, never a crash.
func crashFindings(_ file: SourceFile) -> [Finding] {
    crashFinder.occurrences(in: file.codeBytes).map { line, word in
        file.finding(line: line, "`\(word)`: handle the error, or prove it away with a type")
    }
}

/// An assertion keeps its message in every build: `invariant` and `invariantFailure` do.
func muteAssertionFindings(_ file: SourceFile) -> [Finding] {
    guard file.path.hasPrefix("Sources/"), !file.path.hasSuffix("/Invariant.swift") else {
        return []
    }
    return muteAssertionFinder.occurrences(in: file.codeBytes).map { line, word in
        file.finding(line: line, "`\(word)`: `invariant` says its message in a release build too")
    }
}

/// What switches the compiler's data-race checks off needs an argument in its place.
func unprovenFindings(_ file: SourceFile) -> [Finding] {
    unprovenFinder.occurrences(in: file.codeBytes).filter { !hasProof(above: $0.line, in: file) }
        .map { line, word in
            file.finding(
                line: line,
                "`\(word)` wants a comment directly above: `// Proof: …`, naming the lock or the "
                    + "thread that protects it")
        }
}

private func hasProof(above line: Int, in file: SourceFile) -> Bool {
    for text in file.lines[..<line].reversed().map(\.trimmed) {
        if text.hasPrefix("//") {
            if text.contains("Proof:") { return true }
        } else if !text.hasPrefix("@") {
            return false
        }
    }
    return false
}

// The words below are put together, so that this file does not break its own rules.

private let putOffWords = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]
private let crashWords = ["try" + "!", "as" + "!"]
private let provenWords = [
    "@unchecked" + " Sendable", "nonisolated" + "(unsafe)", "@pre" + "concurrency",
]

/// Work put off stays undone: do it or leave it out.
func putOffFindings(_ file: SourceFile) -> [Finding] {
    file.lines.enumerated().flatMap { line, text in
        putOffWords.filter { text.contains(word: $0) }.map {
            file.finding(line: line, "`\($0)`: nothing is put off")
        }
    }
}

/// Bad input is an error, never a crash.
func crashFindings(_ file: SourceFile) -> [Finding] {
    file.code.enumerated().flatMap { line, text in
        crashWords.filter { text.contains(word: $0) }.map {
            file.finding(line: line, "`\($0)`: handle the error, or prove it away with a type")
        }
    }
}

/// What switches the compiler's data-race checks off needs an argument in its place.
func unprovenFindings(_ file: SourceFile) -> [Finding] {
    file.code.enumerated().flatMap { line, text in
        provenWords.filter { text.contains(word: $0) && !hasProof(above: line, in: file) }.map {
            file.finding(
                line: line,
                "`\($0)` wants a comment directly above: `// Proof: …`, naming the "
                    + "lock or the thread that protects it")
        }
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

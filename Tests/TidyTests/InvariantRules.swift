/// A row of the register in `Sources/ARCHITECTURE.md`: `| INV-01 | statement | files |`.
struct InvariantRow {
    /// Such as `INV-01`.
    let number: String
    let statement: String
    /// The files that assert it, from the folder `Sources`.
    let files: [String]
    /// From 0.
    let line: Int
}

/// Where the register is.
let invariantRegisterPath = "Sources/ARCHITECTURE.md"

/// The register and the sources must name the same invariants in the same files: a number in a
/// crash's message leads to one statement, and a statement to the places that hold it.
func invariantFindings(register: SourceFile, sources: [SourceFile]) -> [Finding] {
    let rows = invariantRows(register)
    let citations = invariantCitations(sources)
    return repetitionFindings(rows, register) + citationFindings(citations, rows)
        + fileFindings(rows, citations, register)
}

/// A number cited in a file, once for each line.
struct InvariantCitation {
    let number: String
    let file: SourceFile
    /// From 0.
    let line: Int

    /// From the folder `Sources`.
    var path: String { String(file.path.dropFirst("Sources/".count)) }
}

func invariantRows(_ register: SourceFile) -> [InvariantRow] {
    register.lines.enumerated().compactMap { line, text in
        let cells = text.split(separator: "|").map { String($0).trimmed }
        guard text.hasPrefix("|"), cells.count == 3, cells[0].hasPrefix("INV-") else { return nil }
        let files = cells[2].split(separator: "`").map(String.init).filter {
            $0.hasSuffix(".swift")
        }
        return InvariantRow(number: cells[0], statement: cells[1], files: files, line: line)
    }
}

func invariantCitations(_ sources: [SourceFile]) -> [InvariantCitation] {
    sources.filter { $0.path.hasPrefix("Sources/") && $0.isSwift }.flatMap { file in
        file.lines.enumerated().flatMap { line, text in
            text.ranges(of: "INV-").map { range in
                let number = text[range.upperBound...].prefix { $0.isLetter || $0.isNumber }
                return InvariantCitation(number: "INV-\(number)", file: file, line: line)
            }
        }
    }
}

private func repetitionFindings(_ rows: [InvariantRow], _ register: SourceFile) -> [Finding] {
    rows.enumerated().flatMap { place, row in
        let earlier = rows[..<place]
        var findings: [Finding] = []
        if earlier.contains(where: { $0.number == row.number }) {
            findings.append(register.finding(line: row.line, "\(row.number) has a row already"))
        }
        if earlier.contains(where: { $0.statement == row.statement }) {
            findings.append(
                register.finding(line: row.line, "\(row.number) says what an earlier row says"))
        }
        return findings
    }
}

/// Each citation has a row, and no two targets share a number: they would mean two things by it.
private func citationFindings(
    _ citations: [InvariantCitation], _ rows: [InvariantRow]
) -> [Finding] {
    citations.compactMap { citation in
        guard rows.contains(where: { $0.number == citation.number }) else {
            return citation.file.finding(
                line: citation.line, "\(citation.number) has no row in \(invariantRegisterPath)")
        }
        let first = citations.first { $0.number == citation.number }
        guard let first, first.file.target != citation.file.target else { return nil }
        return citation.file.finding(
            line: citation.line, "\(citation.number) is cited in \(first.file.path): take another")
    }
}

private func fileFindings(
    _ rows: [InvariantRow], _ citations: [InvariantCitation], _ register: SourceFile
) -> [Finding] {
    rows.compactMap { row in
        let cited = Set(citations.filter { $0.number == row.number }.map(\.path)).sorted()
        guard row.files.sorted() != cited else { return nil }
        return register.finding(
            line: row.line,
            cited.isEmpty
                ? "\(row.number) is asserted nowhere"
                : "\(row.number) is asserted in \(cited.map { "`\($0)`" }.joined(separator: ", "))")
    }
}

/// Where the table of targets is: `| target | why it exists | may import |`.
let layerTablePath = "Sources/ARCHITECTURE.md"

/// What each target but the tests may import, as the manifest has it.
func declaredImports(_ manifest: SourceFile) -> [String: Set<String>] {
    let text = manifest.lines.joined(separator: " ")
    var imports: [String: Set<String>] = [:]
    for call in ["layer(", "program(", ".systemLibrary(name:"] {
        // Each part begins in a call's parentheses; what is declared with a type is no call, and
        // what follows a label is no import.
        for part in text.split(separator: call).dropFirst() {
            let arguments = part.prefix { $0 != ")" && $0 != ":" }
            let names = arguments.split(separator: "\"", omittingEmptySubsequences: false)
                .enumerated().filter { !$0.offset.isMultiple(of: 2) }.map { String($0.element) }
            guard !part.hasPrefix("_ name"), let name = names.first else { continue }
            imports[name] = call == ".systemLibrary(name:" ? [] : Set(names.dropFirst())
        }
    }
    return imports
}

/// The table and the manifest must tell the same: a row for each target, with its imports.
func layerTableFindings(_ page: SourceFile, manifest: SourceFile) -> [Finding] {
    let imports = declaredImports(manifest)
    var findings: [Finding] = []
    var seen: Set<String> = []
    for (line, name, told) in layerRows(page) {
        guard let declared = imports[name] else {
            findings.append(page.finding(line: line, "\(name) is no target of Package.swift"))
            continue
        }
        if !seen.insert(name).inserted {
            findings.append(page.finding(line: line, "\(name) has a row already"))
        }
        if told != declared {
            let list = declared.sorted().joined(separator: ", ")
            findings.append(
                page.finding(line: line, "\(name) may import: \(list.isEmpty ? "nothing" : list)"))
        }
    }
    let missing = Set(imports.keys).subtracting(seen).sorted()
    return findings
        + missing.map { page.finding(line: 0, "\($0) has no row in the table of targets") }
}

/// The rows between the table's head and its end: the target, and the names of what it imports.
private func layerRows(_ page: SourceFile) -> [(line: Int, name: String, imports: Set<String>)] {
    guard let head = page.lines.firstIndex(where: { $0.hasPrefix("| target |") }) else {
        return []
    }
    return page.lines[head...].enumerated().dropFirst(2).prefix { $0.element.hasPrefix("|") }
        .compactMap { offset, text in
            let cells = text.split(separator: "|").map { quotedNames($0) }
            guard cells.count == 3, let name = cells[0].first else { return nil }
            return (head + offset, name, Set(cells[2]))
        }
}

/// What stands between backquotes.
private func quotedNames(_ text: Substring) -> [String] {
    text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
        .filter { !$0.offset.isMultiple(of: 2) }.map { String($0.element) }
}

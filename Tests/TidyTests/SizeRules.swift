/// House limits. A file above 500 lines has a second thing in it.
enum SizeLimit {
    static let fileLines = 500
    static let sourceFileLinesMedian = 170
    static let functionLines = 70
    static let columns = 100
}

func fileLengthFindings(_ file: SourceFile) -> [Finding] {
    guard file.lines.count > SizeLimit.fileLines else { return [] }
    return [
        file.finding(
            line: SizeLimit.fileLines,
            "\(file.lines.count) lines, at most \(SizeLimit.fileLines): give its second subject "
                + "a file of its own")
    ]
}

/// The middle length of the files under `Sources`, when it is too high.
func medianLengthFindings(_ files: [SourceFile]) -> [Finding] {
    let lengths = files.filter { $0.isSwift && !$0.isTest }.map(\.lines.count).sorted()
    guard !lengths.isEmpty else { return [] }
    let median = lengths[lengths.count / 2]
    guard median > SizeLimit.sourceFileLinesMedian else { return [] }
    return [
        Finding(
            path: "Sources", line: 1,
            message: "the median file has \(median) lines, at most "
                + "\(SizeLimit.sourceFileLinesMedian)")
    ]
}

func columnFindings(_ file: SourceFile) -> [Finding] {
    file.lines.enumerated().filter { line, text in
        // Bytes are cheaper to count, and there are never fewer.
        text.utf8.count > SizeLimit.columns && text.count > SizeLimit.columns
    }.map { line, text in
        file.finding(line: line, "\(text.count) columns, at most \(SizeLimit.columns)")
    }
}

func whitespaceFindings(_ file: SourceFile) -> [Finding] {
    file.lines.enumerated().compactMap { line, text in
        if text.utf8.contains(UInt8(ascii: "\t")) { return file.finding(line: line, "a tab") }
        if text.hasSuffix(" ") { return file.finding(line: line, "a space at the end of the line") }
        return nil
    }
}

/// Functions, initialisers, subscripts and computed properties that are too long to be seen whole.
func functionLengthFindings(_ file: SourceFile) -> [Finding] {
    let code = file.codeBytes
    var findings: [Finding] = []
    var line = 0
    for (offset, byte) in code.enumerated() {
        if byte == UInt8(ascii: "\n") { line += 1 }
        guard let keyword = bodyKeyword(in: code, at: offset),
            let body = bodyRange(in: code, from: offset + keyword.utf8.count, keyword: keyword)
        else { continue }
        let length = code[offset..<body.upperBound].count { $0 == UInt8(ascii: "\n") } + 1
        guard length > SizeLimit.functionLines else { continue }
        findings.append(
            file.finding(
                line: line,
                "this \(keyword) has \(length) lines, at most \(SizeLimit.functionLines)"))
    }
    return findings
}

private let bodyKeywords = ["func", "init", "subscript", "deinit", "var"]
private let startsBodyKeyword = (UInt8.min...UInt8.max).map { byte in
    bodyKeywords.contains { $0.utf8.first == byte }
}

/// The keyword at `offset` that may open a body of statements.
private func bodyKeyword(in code: [UInt8], at offset: Int) -> String? {
    guard startsBodyKeyword[Int(code[offset])] else { return nil }
    if offset > 0 {
        let before = code[offset - 1]
        if isWordByte(before) || before == UInt8(ascii: ".") { return nil }
    }
    return bodyKeywords.first { keyword in
        let end = offset + keyword.utf8.count
        return code[offset...].starts(with: keyword.utf8)
            && (end == code.count || !isWordByte(code[end]))
    }
}

/// From the opening brace to just after the closing one; nil for what has no body: a protocol's
/// requirement, a stored property.
private func bodyRange(in code: [UInt8], from start: Int, keyword: String) -> Range<Int>? {
    var position = start
    var open = 0
    while position < code.count {
        switch code[position] {
        case UInt8(ascii: "("), UInt8(ascii: "["): open += 1
        case UInt8(ascii: ")"), UInt8(ascii: "]"): open -= 1
        case UInt8(ascii: "{") where open == 0: return position..<closingBrace(in: code, position)
        case UInt8(ascii: "}") where open == 0: return nil
        case UInt8(ascii: "="), UInt8(ascii: "\n"):
            if open == 0 && keyword == "var" { return nil }
        default:
            if open == 0 && bodyKeyword(in: code, at: position) != nil { return nil }
        }
        if open < 0 { return nil }
        position += 1
    }
    return nil
}

private func closingBrace(in code: [UInt8], _ opening: Int) -> Int {
    var depth = 0
    for position in opening..<code.count {
        if code[position] == UInt8(ascii: "{") { depth += 1 }
        if code[position] == UInt8(ascii: "}") { depth -= 1 }
        if depth == 0 { return position + 1 }
    }
    return code.count
}

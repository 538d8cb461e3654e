/// Every `package` declaration says what it is. A comment covers its declaration and the one-line
/// declarations on the lines directly below: a record's fields, a group of constants; a function's
/// comment covers its overloads further down. Excused: initialisers, operators, and members that a
/// protocol (ours or the standard library's) documents.
func documentationFindings(_ file: SourceFile, requirements: Set<String>) -> [Finding] {
    guard !file.isTest && file.isSwift else { return [] }
    var excused = requirements.union(standardRequirements)
    var findings: [Finding] = []
    var above = Cover.none
    for (line, text) in file.code.enumerated() {
        guard let declaration = Declaration(text) else {
            above = .none
            continue
        }
        let isWhole = braceBalance(text) == 0
        let isCovered =
            hasComment(above: line, in: file) || above.covers(declaration, isWhole: isWhole)
        let isExcused =
            declaration.kind == "init" || excused.contains(declaration.name)
            || !declaration.hasWordForName
        if declaration.isPackage && !isCovered && !isExcused {
            findings.append(
                file.finding(
                    line: line, "no doc comment on `\(declaration.kind) \(declaration.name)`"))
        }
        if isCovered && declaration.kind == "func" { excused.insert(declaration.name) }
        if declaration.isType && !isWhole {
            // Without a comment it is one finding, not one for each of its fields too.
            above = .type
        } else {
            above = isCovered && isWhole ? .member : .none
        }
    }
    return findings
}

/// What the line above does for the one below it.
private enum Cover {
    case none
    /// A type's first line: its comment explains the fields.
    case type
    /// A commented declaration on one line: the first of a group.
    case member

    func covers(_ declaration: Declaration, isWhole: Bool) -> Bool {
        switch self {
        case .none: false
        case .type: declaration.isProperty
        case .member: isWhole || !declaration.isType
        }
    }
}

/// Members that the standard library's own protocols document.
private let standardRequirements: Set = [
    "rawValue", "description", "debugDescription", "hash", "id", "next", "makeIterator",
    "startIndex", "endIndex", "index", "count", "allCases",
]

/// Names that the protocols in these files require; a conformance inherits their comments.
func protocolRequirements(_ files: [SourceFile]) -> Set<String> {
    var names: Set<String> = []
    for file in files where !file.isTest && file.isSwift {
        var depth = 0
        for text in file.code {
            let declaration = Declaration(text)
            if depth > 0, let declaration { names.insert(declaration.name) }
            if depth > 0 || declaration?.kind == "protocol" { depth += braceBalance(text) }
        }
    }
    return names
}

/// A declaration as far as one line tells.
struct Declaration {
    let kind: String
    let name: String
    let isPackage: Bool

    private static let kinds: Set<Substring> = [
        "struct", "class", "enum", "actor", "protocol", "func", "var", "let", "typealias", "init",
        "subscript", "associatedtype",
    ]
    private static let modifiers: Set<Substring> = [
        "package", "public", "static", "final", "mutating", "nonmutating", "indirect", "borrowing",
        "consuming", "override", "required", "convenience", "lazy", "weak", "unowned",
        "nonisolated",
        "isolated", "dynamic", "prefix", "postfix", "infix",
    ]

    init?(_ line: String) {
        var words = line.split(separator: " ")
        var isPackage = false
        while let word = words.first {
            // `class func` has two kinds; the second one counts.
            let isClassMember = word == "class" && words.count > 1 && Self.kinds.contains(words[1])
            let plain = word.prefix { $0 != "(" }
            guard
                word.hasPrefix("@") || Self.modifiers.contains(plain) || word == "private(set)"
                    || isClassMember
            else { break }
            if word == "package" { isPackage = true }
            words.removeFirst()
        }
        guard let first = words.first else { return nil }
        let kind = first.prefix { $0.isLetter }
        guard Self.kinds.contains(kind) else { return nil }
        self.kind = String(kind)
        self.isPackage = isPackage
        let named = words.count > 1 && kind.count == first.count ? words[1] : ""
        name = String(named.prefix { !"(<:={,".contains($0) || !isWordStart(named) })
    }

    var isType: Bool {
        ["struct", "class", "enum", "actor", "protocol"].contains(kind)
    }
    var isProperty: Bool { kind == "var" || kind == "let" }
    /// False for operators.
    var hasWordForName: Bool { kind == "subscript" || isWordStart(name[...]) }
}

private func isWordStart(_ name: Substring) -> Bool {
    name.first.map { $0.isLetter || $0 == "_" || $0 == "`" } ?? false
}

private func hasComment(above line: Int, in file: SourceFile) -> Bool {
    for text in file.lines[..<line].reversed().map(\.trimmed) {
        if text.hasPrefix("///") || text.hasSuffix("*/") { return true }
        if !text.hasPrefix("@") || Declaration(text) != nil { return false }
    }
    return false
}

private func braceBalance(_ text: String) -> Int {
    text.utf8.count { $0 == UInt8(ascii: "{") } - text.utf8.count { $0 == UInt8(ascii: "}") }
}

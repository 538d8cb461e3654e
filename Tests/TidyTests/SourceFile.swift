/// One text file of the tree, as the rules see it.
struct SourceFile {
    /// From the package's root, with slashes: `Sources/Raft/Quorum.swift`.
    let path: String
    /// The lines as written.
    let lines: [String]
    /// The same lines with comments and the insides of string literals blanked, column by column.
    /// Equal to `lines` for files that aren't Swift.
    let code: [String]

    init(path: String, text: String) {
        self.path = path
        lines = Self.split(Array(text.utf8))
        code = path.hasSuffix(".swift") ? Self.split(maskedSwift(Array(text.utf8))) : lines
    }

    /// The target that the file belongs to: the folder below `Sources` or `Tests`.
    var target: String? {
        let parts = path.split(separator: "/")
        guard parts.count >= 3, parts[0] == "Sources" || parts[0] == "Tests" else { return nil }
        return String(parts[1])
    }

    var isSwift: Bool { path.hasSuffix(".swift") }
    var isTest: Bool { path.hasPrefix("Tests/") }

    func finding(line: Int, _ message: String) -> Finding {
        Finding(path: path, line: line + 1, message: message)
    }

    private static func split(_ bytes: [UInt8]) -> [String] {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }
}

/// A broken rule: where, and what to do about it. Printed as compilers do, so editors can jump.
struct Finding: CustomStringConvertible {
    let path: String
    /// From 1.
    let line: Int
    let message: String
    var description: String { "\(path):\(line): \(message)" }
}

extension String {
    /// Where `word` stands with no letter, digit or underscore beside those of its own ends that
    /// are letters, digits or underscores.
    func contains(word: String) -> Bool {
        let text = Array(utf8)
        let wanted = Array(word.utf8)
        guard let first = wanted.first, let last = wanted.last, text.count >= wanted.count else {
            return false
        }
        for start in 0...(text.count - wanted.count)
        where text[start] == first && text[start..<start + wanted.count].elementsEqual(wanted) {
            let end = start + wanted.count
            let openBefore = start == 0 || !isWordByte(first) || !isWordByte(text[start - 1])
            let openAfter = end == text.count || !isWordByte(last) || !isWordByte(text[end])
            if openBefore && openAfter { return true }
        }
        return false
    }

    /// Without the spaces at either end.
    var trimmed: String {
        var rest = self[...]
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}

func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
    default: false
    }
}

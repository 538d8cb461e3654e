/// One text file of the tree, as the rules see it.
struct SourceFile {
    /// From the package's root, with slashes: `Sources/Raft/Quorum.swift`.
    let path: String
    /// The lines as written.
    let lines: [String]
    /// The same lines with comments and the insides of string literals blanked, column by column.
    /// Equal to `lines` for files that aren't Swift.
    let code: [String]
    /// `lines` and `code` as bytes, line feeds included.
    let lineBytes: [UInt8]
    let codeBytes: [UInt8]

    init(path: String, text: String) {
        self.path = path
        lineBytes = Array(text.utf8)
        codeBytes = path.hasSuffix(".swift") ? maskedSwift(lineBytes) : lineBytes
        lines = Self.split(lineBytes)
        code = Self.split(codeBytes)
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
    /// Without the spaces at either end.
    var trimmed: String {
        var rest = self[...]
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}

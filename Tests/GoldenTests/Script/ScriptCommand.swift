import Primitives

/// What is wrong with a script, in words for its author.
struct ScriptError: Error, Equatable {
    let message: String
    init(_ message: String) { self.message = message }
}

/// One command: a verb, words in order, and settings (`name=value`) in any order. What is read is
/// taken out; what is left at the end is an error, so that no misspelt word goes unnoticed.
struct ScriptCommand {
    let verb: String
    private var words: [String] = []
    private var settings: [(name: String, value: String)] = []

    init(_ text: String) throws {
        var parts = text.split(separator: " ").map(String.init)
        guard !parts.isEmpty else { throw ScriptError("no command") }
        verb = parts.removeFirst()
        for part in parts {
            let halves = part.split(separator: "=", maxSplits: 1).map(String.init)
            if halves.count == 2 {
                settings.append((halves[0], halves[1]))
            } else {
                words.append(part)
            }
        }
    }

    /// All words must have been read.
    func end() throws {
        let left = words + settings.map { "\($0.name)=\($0.value)" }
        guard left.isEmpty else {
            throw ScriptError("`\(verb)` can't use `\(left.joined(separator: " "))`")
        }
    }

    var hasWords: Bool { !words.isEmpty }

    mutating func word(_ what: String) throws -> String {
        guard !words.isEmpty else { throw ScriptError("`\(verb)` wants \(what)") }
        return words.removeFirst()
    }

    mutating func restOfWords() -> [String] {
        defer { words = [] }
        return words
    }

    /// Whether this word was there.
    mutating func takes(_ word: String) -> Bool {
        guard let slot = words.firstIndex(of: word) else { return false }
        words.remove(at: slot)
        return true
    }

    /// The next word, if it is a number.
    mutating func numberIfAny() -> Int? {
        guard let first = words.first, let number = Int(first) else { return nil }
        words.removeFirst()
        return number
    }

    mutating func number(_ what: String) throws -> Int {
        let word = try word(what)
        guard let number = Int(word) else {
            throw ScriptError("`\(verb)` wants \(what), not `\(word)`")
        }
        return number
    }

    mutating func setting(_ name: String) -> String? {
        guard let slot = settings.firstIndex(where: { $0.name == name }) else { return nil }
        return settings.remove(at: slot).value
    }

    mutating func number(setting name: String) throws -> Int? {
        guard let value = setting(name) else { return nil }
        guard let number = Int(value) else {
            throw ScriptError("`\(name)` wants a number, not `\(value)`")
        }
        return number
    }

    mutating func numbers(setting name: String) throws -> [Int]? {
        guard let value = setting(name) else { return nil }
        return try value.split(separator: ",").map { part in
            guard let number = Int(part) else {
                throw ScriptError("`\(name)` wants numbers, not `\(value)`")
            }
            return number
        }
    }
}

extension ScriptCommand {
    /// One of the cluster's nodes.
    mutating func node(_ ids: [NodeID]) throws -> NodeID {
        try Self.node(word("a node"), ids)
    }

    /// `*`, or nodes with commas between them.
    mutating func nodes(_ ids: [NodeID]) throws -> [NodeID] {
        try Self.nodes(word("nodes"), ids)
    }

    static func nodes(_ text: String, _ ids: [NodeID]) throws -> [NodeID] {
        if text == "*" { return ids }
        return try text.split(separator: ",").map { try node(String($0), ids) }
    }

    static func node(_ text: String, _ ids: [NodeID]) throws -> NodeID {
        guard let number = UInt16(text), ids.contains(NodeID(number)) else {
            throw ScriptError("no node `\(text)`")
        }
        return NodeID(number)
    }

    /// `500ms` or `3s`.
    mutating func span() throws -> Milliseconds {
        try Self.span(word("a time"))
    }

    static func span(_ text: String) throws -> Milliseconds {
        if text.hasSuffix("ms"), let count = Int64(text.dropLast(2)) { return Milliseconds(count) }
        if text.hasSuffix("s"), let count = Int64(text.dropLast()) { return .seconds(count) }
        throw ScriptError("`\(text)` is no time: write 500ms or 3s")
    }
}

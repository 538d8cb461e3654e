/// The text of a Swift file with comments and the insides of string literals turned into spaces.
/// Newlines and columns stay; code inside `\( … )` stays code. Bare regular expressions are not
/// understood: the tree has none.
func maskedSwift(_ text: [UInt8]) -> [UInt8] {
    var masker = SwiftMasker(text: text)
    masker.run()
    return masker.masked
}

private struct SwiftMasker {
    enum Mode {
        /// Code; in an interpolation, the number of parentheses still open.
        case code(openParentheses: Int)
        case string(pounds: Int, multiline: Bool)
        case lineComment
        case blockComment(depth: Int)
    }

    let text: [UInt8]
    var masked: [UInt8]
    var position = 0
    var modes: [Mode] = [.code(openParentheses: 0)]

    /// Every other byte leaves the mode as it is; most of a text's are such.
    private let mayChangeMode = (UInt8.min...UInt8.max).map { "/*\"#\\()\n".utf8.contains($0) }

    init(text: [UInt8]) {
        self.text = text
        masked = text
    }

    mutating func run() {
        while position < text.count, let mode = modes.last {
            guard mayChangeMode[Int(text[position])] else {
                switch mode {
                case .code: position += 1
                case .string, .lineComment, .blockComment: blank(1)
                }
                continue
            }
            switch mode {
            case .code(let open): stepInCode(openParentheses: open)
            case .string(let pounds, let multiline):
                stepInString(pounds: pounds, multiline: multiline)
            case .lineComment:
                if text[position] == UInt8(ascii: "\n") { modes.removeLast() }
                blank(1)
            case .blockComment(let depth): stepInBlockComment(depth: depth)
            }
        }
    }

    mutating func stepInCode(openParentheses open: Int) {
        if looksAt("//") {
            modes.append(.lineComment)
        } else if looksAt("/*") {
            modes.append(.blockComment(depth: 1))
            blank(2)
        } else if let opening = openingQuote() {
            modes.append(.string(pounds: opening.pounds, multiline: opening.multiline))
            position += opening.length
        } else {
            let isInterpolation = modes.count > 1
            if isInterpolation && text[position] == UInt8(ascii: "(") {
                modes[modes.count - 1] = .code(openParentheses: open + 1)
            } else if isInterpolation && text[position] == UInt8(ascii: ")") {
                modes[modes.count - 1] = .code(openParentheses: open - 1)
                if open == 1 { modes.removeLast() }
            }
            position += 1
        }
    }

    mutating func stepInString(pounds: Int, multiline: Bool) {
        let quote = multiline ? "\"\"\"" : "\""
        let hashes = String(repeating: "#", count: pounds)
        if looksAt(quote + hashes) {
            modes.removeLast()
            position += quote.utf8.count + pounds
        } else if looksAt("\\" + hashes + "(") {
            modes.append(.code(openParentheses: 1))
            blank(1 + pounds)
            position += 1
        } else if looksAt("\\" + hashes) {
            blank(2 + pounds)
        } else {
            blank(1)
        }
    }

    mutating func stepInBlockComment(depth: Int) {
        if looksAt("/*") {
            modes[modes.count - 1] = .blockComment(depth: depth + 1)
            blank(2)
        } else if looksAt("*/") {
            modes[modes.count - 1] = .blockComment(depth: depth - 1)
            if depth == 1 { modes.removeLast() }
            blank(2)
        } else {
            blank(1)
        }
    }

    func openingQuote() -> (pounds: Int, multiline: Bool, length: Int)? {
        var quote = position
        while quote < text.count && text[quote] == UInt8(ascii: "#") { quote += 1 }
        guard quote < text.count && text[quote] == UInt8(ascii: "\"") else { return nil }
        let pounds = quote - position
        let multiline = text[quote...].starts(with: "\"\"\"".utf8)
        return (pounds, multiline, pounds + (multiline ? 3 : 1))
    }

    func looksAt(_ word: String) -> Bool { text[position...].starts(with: word.utf8) }

    mutating func blank(_ count: Int) {
        for _ in 0..<count where position < text.count {
            if text[position] != UInt8(ascii: "\n") { masked[position] = UInt8(ascii: " ") }
            position += 1
        }
    }
}

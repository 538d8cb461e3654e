import HTTPProtocol

/// What a log line says besides its message, in order: `["peer": "2", "bytes": .integer(n)]`.
/// Names are `snake_case`, end in their unit, and are none of the line's own: `ts`, `level`,
/// `node`, `term`, `message`.
package struct LogFields: ExpressibleByDictionaryLiteral, Sendable {
    let fields: [(name: StaticString, value: LogValue)]

    package init(dictionaryLiteral elements: (StaticString, LogValue)...) {
        fields = elements.map { (name: $0, value: $1) }
    }
}

/// A field's value.
package enum LogValue: Hashable, Sendable {
    /// Text; the line shows at most its first 1,024 bytes.
    case string(String)
    case integer(Int64)
    case boolean(Bool)
    /// A duration, shown in milliseconds with a fraction: 1,500,000 ns are `1.5`.
    case milliseconds(nanoseconds: UInt64)

    static let stringBytesMax = 1_024
}

extension LogValue: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
}

extension LogValue: JSONEncodable {
    package func appendJSON(to bytes: inout [UInt8]) {
        switch self {
        case .string(let text): Self.shortened(text).appendJSON(to: &bytes)
        case .integer(let integer): integer.appendJSON(to: &bytes)
        case .boolean(let boolean): boolean.appendJSON(to: &bytes)
        case .milliseconds(let nanoseconds):
            bytes.append(contentsOf: decimal(nanoseconds, fractionDigits: 6).utf8)
        }
    }

    /// The text, or its whole characters within the limit and an ellipsis.
    private static func shortened(_ text: String) -> String {
        guard text.utf8.count > stringBytesMax else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: stringBytesMax)
        while end.samePosition(in: text.unicodeScalars) == nil {
            end = text.utf8.index(before: end)
        }
        return text[..<end] + "…"
    }
}

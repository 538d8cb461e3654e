/// A place in a JSON text, found by reading the text again up to there: errors pay for their
/// names, values that are read well pay nothing.
struct JSONPath {
    private enum Step {
        /// Nil between the brace or comma and the key.
        case key(String?)
        case index(Int)
    }

    private var steps: [Step] = []

    /// The place of the value that begins at `end`. The text before it must be well formed.
    init(in bytes: [UInt8], upTo end: Int) {
        var index = 0
        while index < min(end, bytes.count) {
            switch bytes[index] {
            case UInt8(ascii: "{"): steps.append(.key(nil))
            case UInt8(ascii: "["): steps.append(.index(0))
            case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = steps.popLast()
            case ASCII.comma: moveOn()
            case ASCII.slash:
                index = bytes[index...].firstIndex(of: ASCII.lineFeed) ?? bytes.count
            case ASCII.quote:
                let start = index
                index = JSONPath.endOfString(in: bytes, from: start + 1)
                if index < min(end, bytes.count) { take(bytes[start...index]) }
            default: break
            }
            index += 1
        }
    }

    /// Such as `sections[0].rows[2].id`; empty for the root.
    var text: String {
        var text = ""
        for step in steps {
            switch step {
            case .key(let key?): text += text.isEmpty ? key : ".\(key)"
            case .key(nil): break
            case .index(let index): text += "[\(index)]"
            }
        }
        return text
    }

    /// The place of a field of the object at this place.
    func appending(_ name: StaticString) -> String {
        let object = text
        return object.isEmpty ? "\(name)" : "\(object).\(name)"
    }

    private mutating func moveOn() {
        switch steps.popLast() {
        case .key: steps.append(.key(nil))
        case .index(let index): steps.append(.index(index + 1))
        case nil: break
        }
    }

    /// A quoted string: a key if one is due here.
    private mutating func take(_ quoted: ArraySlice<UInt8>) {
        guard case .key(nil) = steps.last else { return }
        var reader = JSONReader(Array(quoted))
        steps[steps.count - 1] = .key((try? reader.string()) ?? "")
    }

    private static func endOfString(in bytes: [UInt8], from start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] != ASCII.quote {
            index += bytes[index] == ASCII.backslash ? 2 : 1
        }
        return index
    }
}

extension JSONReader {
    /// An error of the value read last, or of the one that begins at `offset`.
    func error(_ reason: JSONError.Reason, at offset: Int? = nil) -> JSONError {
        let offset = offset ?? valueStart
        return JSONError(
            path: JSONPath(in: bytes, upTo: offset).text, reason: reason, offset: offset)
    }

    /// The text is not JSON, here or at `offset`.
    func malformed(_ malformation: JSONError.Malformation, at offset: Int? = nil) -> JSONError {
        error(.malformed(malformation), at: offset ?? position)
    }

    /// The next value is not of the type that is asked for, or no value at all.
    func mismatch(_ expected: JSONType) -> JSONError {
        switch bytes[valueStart] {
        case UInt8(ascii: "{"), UInt8(ascii: "["), ASCII.quote, UInt8(ascii: "t"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "-"), 0x30...0x39:
            error(.wrongType(expected: expected))
        default:
            malformed(.unexpectedByte)
        }
    }
}

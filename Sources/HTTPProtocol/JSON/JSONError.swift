/// Why a JSON text, or a field in it, was refused.
package struct JSONError: Error, Hashable, Sendable {
    /// The value's place, such as `seat_ids[3]` or `sections[0].rows[2].id`; empty is the root.
    package let path: String
    package let reason: Reason
    /// Bytes from the text's start to the value or byte at fault.
    package let offset: Int

    package init(path: String, reason: Reason, offset: Int) {
        self.path = path
        self.reason = reason
        self.offset = offset
    }

    /// What is wrong there.
    package enum Reason: Hashable, Sendable {
        /// The text is not JSON, or not JSON that is accepted here.
        case malformed(Malformation)
        case wrongType(expected: JSONType)
        /// A number with a fraction or an exponent where an integer is asked for; `1e3` and `1.0`
        /// as well, since exactness should not hang on arithmetic.
        case notAnInteger
        case outOfRange(ClosedRange<Int64>)
        /// A required field is not there.
        case missing
        /// A field that is read is there twice: two readers could each take another one.
        case duplicate
        case tooManyElements(countMax: Int)
    }

    /// How the text departs from JSON.
    package enum Malformation: Hashable, Sendable {
        case unexpectedByte
        case unexpectedEnd
        case trailingBytes
        case invalidNumber
        case controlCharacter
        case invalidEscape
        /// `\u0000`: legal JSON, but no text of ours holds a NUL, and C libraries end at it.
        case nul
        /// Half of a UTF-16 pair, which no UTF-8 can express.
        case loneSurrogate
        case invalidUTF8
        case tooDeep
    }

    /// What is wrong, in words that continue "the field …".
    package var message: String {
        switch reason {
        case .malformed(let malformation):
            "is malformed at byte \(offset): \(malformation.text)"
        case .wrongType(let expected): "must be \(expected.text)"
        case .notAnInteger: "must be an integer"
        case .outOfRange(let range): "must be from \(range.lowerBound) to \(range.upperBound)"
        case .missing: "is missing"
        case .duplicate: "is given twice"
        case .tooManyElements(let countMax): "must have at most \(countMax) elements"
        }
    }
}

/// The types of JSON values that can be asked for.
package enum JSONType: Hashable, Sendable {
    case object
    case array
    case string
    case number
    case boolean

    var text: StaticString {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .boolean: "true or false"
        }
    }
}

extension JSONError.Malformation {
    var text: StaticString {
        switch self {
        case .unexpectedByte: "unexpected character"
        case .unexpectedEnd: "unexpected end"
        case .trailingBytes: "something follows the value"
        case .invalidNumber: "invalid number"
        case .controlCharacter: "control character in a string"
        case .invalidEscape: "invalid escape"
        case .nul: "NUL in a string"
        case .loneSurrogate: "lone surrogate in a string"
        case .invalidUTF8: "invalid UTF-8"
        case .tooDeep: "nested too deeply"
        }
    }
}

extension JSONReader {
    /// Reads an integer, exactly. A number with a fraction or an exponent is `notAnInteger`,
    /// whatever its value; one outside the range is `outOfRange`.
    package mutating func integer(
        in range: ClosedRange<Int64> = .min ... .max
    ) throws(JSONError) -> Int64 {
        let first = try startValue()
        guard first.isDigit || first == UInt8(ascii: "-") else { throw mismatch(.number) }
        let number = try scanNumber()
        guard number.isInteger else { throw error(.notAnInteger) }
        guard let value = Int64(jsonDigits: bytes[number.range]), range.contains(value) else {
            throw error(.outOfRange(range))
        }
        return value
    }

    /// Reads `true` or `false`.
    package mutating func boolean() throws(JSONError) -> Bool {
        switch try startValue() {
        case UInt8(ascii: "t"):
            try scanWord("true")
            return true
        case UInt8(ascii: "f"):
            try scanWord("false")
            return false
        default:
            throw mismatch(.boolean)
        }
    }

    /// Reads the next value if it is `null`. To the other calls `null` is a wrong type.
    package mutating func takeNull() throws(JSONError) -> Bool {
        guard try startValue() == UInt8(ascii: "n") else { return false }
        try scanWord("null")
        return true
    }

    private mutating func scanWord(_ word: StaticString) throws(JSONError) {
        for expected in word.utf8 {
            guard try peek() == expected else { throw malformed(.unexpectedByte) }
            position += 1
        }
    }

    struct Number {
        let range: Range<Int>
        let isInteger: Bool
    }

    /// Scans `[-] int [frac] [exp]`, RFC 8259 §6. Anything else here is not a value at all.
    mutating func scanNumber() throws(JSONError) -> Number {
        let start = position
        if bytes[position] == UInt8(ascii: "-") {
            position += 1
            guard nextByte?.isDigit == true else { throw malformed(.invalidNumber) }
        }
        guard nextByte?.isDigit == true else { throw malformed(.unexpectedByte) }
        if nextByte == UInt8(ascii: "0") {
            position += 1
            guard nextByte?.isDigit != true else { throw malformed(.invalidNumber) }
        } else {
            skipDigits()
        }
        var isInteger = true
        if nextByte == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            guard skipDigits() > 0 else { throw malformed(.invalidNumber) }
        }
        if let byte = nextByte, byte.lowercased == UInt8(ascii: "e") {
            isInteger = false
            position += 1
            if let sign = nextByte, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
                position += 1
            }
            guard skipDigits() > 0 else { throw malformed(.invalidNumber) }
        }
        return Number(range: start..<position, isInteger: isInteger)
    }

    private var nextByte: UInt8? { position < bytes.count ? bytes[position] : nil }

    @discardableResult private mutating func skipDigits() -> Int {
        let start = position
        while nextByte?.isDigit == true { position += 1 }
        return position - start
    }
}

extension Int64 {
    /// Of digits with perhaps a minus before them; nil when it doesn't fit.
    init?(jsonDigits text: ArraySlice<UInt8>) {
        let isNegative = text.first == UInt8(ascii: "-")
        var value: Int64 = 0
        for byte in isNegative ? text.dropFirst() : text {
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let digit = Int64(byte &- 0x30)
            // Negative all along: the smallest number has no positive twin.
            let (sum, carry) =
                isNegative
                ? tens.subtractingReportingOverflow(digit) : tens.addingReportingOverflow(digit)
            guard !overflow, !carry else { return nil }
            value = sum
        }
        self = value
    }
}

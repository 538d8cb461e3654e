/// An object's key, compared with literals where it lies: `case "user_id":` makes no String.
package struct JSONKey {
    private let bytes: [UInt8]
    private let range: Range<Int>

    /// The key's decoded UTF-8 bytes are `range` of `bytes`.
    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        self.range = range
    }

    /// The key as text.
    package var text: String { String(decoding: bytes[range], as: UTF8.self) }

    package static func ~= (literal: StaticString, key: JSONKey) -> Bool {
        guard literal.utf8CodeUnitCount == key.range.count else { return false }
        var expected = literal.utf8Start
        for index in key.range {
            guard key.bytes[index] == expected.pointee else { return false }
            expected += 1
        }
        return true
    }
}

package import Primitives

/// Gives a file's whole contents.
package typealias FileContents = (_ path: String) throws(DiskError) -> [UInt8]

/// Why a node's configuration was refused: which file, which key, what it says, what it may say.
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    package let file: String
    /// Such as `members[1].node_id`; empty for the file as a whole.
    package let key: String
    /// The value as JSON; nil when there is none, or when it is a secret.
    package let value: String?
    package let reason: Reason

    /// What is wrong with it.
    package enum Reason: Hashable, Sendable {
        case unreadable(DiskError)
        /// Not JSON with comments; in words, with line and column.
        case malformed(String)
        case missing
        case unknownKey(allowed: [String])
        case wrongType(expected: String)
        case outOfRange(ClosedRange<Int64>)
        case notOneOf([String])
        /// The right type, but not what the key wants, in words that continue "must be".
        case badForm(expected: String)
        /// At odds with another key, in words.
        case inconsistent(String)
        /// Right in itself, but not to be used here and now, in words.
        case unusable(String)
    }

    package var description: String {
        var text = file
        if !key.isEmpty { text += ": \(key)" }
        if let value { text += " is \(value)" }
        return "\(text): \(reason.text)"
    }
}

extension ConfigurationError.Reason {
    fileprivate var text: String {
        switch self {
        case .unreadable(let error):
            "cannot be read: \(error)"
        case .malformed(let text): text
        case .missing: "is missing"
        case .unknownKey(let allowed): "unknown; known here: \(allowed.joined(separator: ", "))"
        case .wrongType(let expected): "must be \(expected)"
        case .outOfRange(let range): "must be from \(range.lowerBound) to \(range.upperBound)"
        case .notOneOf(let choices): "must be one of \(choices.joined(separator: ", "))"
        case .badForm(let expected): "must be \(expected)"
        case .inconsistent(let text), .unusable(let text): text
        }
    }
}

/// Finds words in a text in one pass. A word stands alone when no letter, digit or underscore is
/// beside those of its ends that are one: `print(` is not in `fingerprint(`.
struct WordFinder {
    private var wordsByFirstByte = [[[UInt8]]](repeating: [], count: 256)

    init(_ words: [String]) {
        for word in words.map({ Array($0.utf8) }) {
            guard let first = word.first else { continue }
            wordsByFirstByte[Int(first)].append(word)
        }
    }

    /// Each word found, with its line from 0.
    func occurrences(in text: [UInt8]) -> [(line: Int, word: String)] {
        var found: [(line: Int, word: String)] = []
        var line = 0
        for (start, byte) in text.enumerated() {
            if byte == UInt8(ascii: "\n") { line += 1 }
            for word in wordsByFirstByte[Int(byte)] where stands(word, at: start, in: text) {
                found.append((line, String(decoding: word, as: UTF8.self)))
            }
        }
        return found
    }

    private func stands(_ word: [UInt8], at start: Int, in text: [UInt8]) -> Bool {
        guard text[start...].starts(with: word), let last = word.last else { return false }
        let end = start + word.count
        let joinsBefore = start > 0 && isWordByte(word[0]) && isWordByte(text[start - 1])
        let joinsAfter = end < text.count && isWordByte(last) && isWordByte(text[end])
        return !joinsBefore && !joinsAfter
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

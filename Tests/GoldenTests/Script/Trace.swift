/// The trace's columns: who, what, and the rest.
enum Trace {
    static func line(_ who: String, _ what: String, _ rest: String = "") -> String {
        trimmed(padded(who, 7) + padded(what, 18) + rest)
    }

    /// Rows with their columns aligned; the first row names them.
    static func table(_ rows: [[String]]) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            trimmed(row.enumerated().map { padded($1, widths[$0] + 2) }.joined())
        }
    }

    /// At least one space follows.
    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(width - text.count, 1))
    }

    private static func trimmed(_ text: String) -> String {
        var text = text
        while text.last == " " { text.removeLast() }
        return text
    }
}

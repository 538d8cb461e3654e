/// Two texts line by line: `-` what was expected, `+` what came instead, with some lines around.
func lineDiff(expected: [String], actual: [String], context: Int = 3) -> String {
    let changes = actual.difference(from: expected)
    var removed: Set<Int> = []
    var inserted: Set<Int> = []
    for change in changes {
        switch change {
        case .remove(let offset, _, _): removed.insert(offset)
        case .insert(let offset, _, _): inserted.insert(offset)
        }
    }
    var lines: [(mark: Character, text: String)] = []
    var (old, new) = (0, 0)
    while old < expected.count || new < actual.count {
        if removed.contains(old) {
            lines.append(("-", expected[old]))
            old += 1
        } else if inserted.contains(new) {
            lines.append(("+", actual[new]))
            new += 1
        } else {
            lines.append((" ", expected[old]))
            (old, new) = (old + 1, new + 1)
        }
    }
    let changed = lines.indices.filter { lines[$0].mark != " " }
    var shown: [String] = []
    var last = -1
    for slot in lines.indices where changed.contains(where: { abs($0 - slot) <= context }) {
        if slot > last + 1 { shown.append("  …") }
        shown.append("\(lines[slot].mark) \(lines[slot].text)")
        last = slot
    }
    return shown.joined(separator: "\n")
}

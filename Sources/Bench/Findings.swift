/// What is off, counted by kind, with the first cases in words.
struct Findings: Hashable, Sendable {
    /// A kind of finding and its cases.
    struct Kind: Hashable, Sendable {
        var title: String
        var count: Int
        var examples: [String]
    }

    private(set) var kinds: [Kind] = []

    private static let examplesMax = 5

    var isEmpty: Bool { kinds.isEmpty }
    var count: Int { kinds.reduce(0) { $0 + $1.count } }

    /// Adds a case of a kind.
    mutating func add(_ title: String, _ example: @autoclosure () -> String) {
        let place = kinds.firstIndex { $0.title == title } ?? kinds.count
        if place == kinds.count { kinds.append(Kind(title: title, count: 0, examples: [])) }
        kinds[place].count += 1
        if kinds[place].examples.count < Self.examplesMax {
            kinds[place].examples.append(example())
        }
    }

    /// Adds everything that another look has found.
    mutating func add(_ other: Findings) {
        for kind in other.kinds {
            let place = kinds.firstIndex { $0.title == kind.title } ?? kinds.count
            if place == kinds.count {
                kinds.append(kind)
            } else {
                kinds[place].count += kind.count
                let room = Self.examplesMax - kinds[place].examples.count
                kinds[place].examples += kind.examples.prefix(room)
            }
        }
    }

    /// One line a kind and one an example; empty when nothing is off.
    var text: String {
        kinds.map { kind in
            "OFF: \(kind.title): \(grouped(kind.count))\n"
                + kind.examples.map { "     \($0)\n" }.joined()
        }.joined()
    }
}

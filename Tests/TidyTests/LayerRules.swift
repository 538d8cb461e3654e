/// Which target may import what. The manifest says the same about our own targets; these rules
/// cover the system's modules, which SwiftPM lets anyone import.
enum Layers {
    /// The standard library and one another, nothing else.
    static let pure: Set = [
        "Primitives", "Raft", "Inventory", "Wire", "HTTPProtocol", "NodeCore", "API",
    ]
    /// Where a `switch` must name every case, so that a new state can't be forgotten.
    static let exhaustive: Set = ["Raft", "Inventory", "NodeCore"]
    /// System modules, and the targets that alone may import them.
    static let owners: [(modules: Set<String>, targets: Set<String>)] = [
        (["CSQLite"], ["SeatStore", "SeatStoreTests"]),
        (["CLinux"], ["SystemIO"]),
        (["Foundation", "FoundationEssentials", "FoundationNetworking"], ["Payments"]),
        (["Dispatch"], []),
    ]
    /// Tests may read files and clocks as they like; the two C modules stay with their owners.
    static let freeInTests: Set = [
        "Foundation", "FoundationEssentials", "FoundationNetworking", "Dispatch",
    ]
}

func importFindings(_ file: SourceFile) -> [Finding] {
    guard let target = file.target else { return [] }
    return file.code.enumerated().compactMap { line, text in
        guard let module = importedModule(text) else { return nil }
        if !file.isTest && Layers.pure.contains(target) && !Layers.pure.contains(module) {
            return file.finding(
                line: line, "\(target) is pure: it may import pure targets only, not \(module)")
        }
        if file.isTest && Layers.freeInTests.contains(module) { return nil }
        guard let owner = Layers.owners.first(where: { $0.modules.contains(module) }),
            !owner.targets.contains(target)
        else { return nil }
        let owners = owner.targets.sorted().joined(separator: ", ")
        return file.finding(
            line: line, "only \(owners.isEmpty ? "tests" : owners) may import \(module)")
    }
}

/// The module that an import declaration names, without submodule or declaration kind.
func importedModule(_ line: String) -> String? {
    var words = line.split(separator: " ").drop { $0.hasPrefix("@") }
    if let access = words.first,
        ["package", "internal", "private", "fileprivate", "public"]
            .contains(access)
    {
        words.removeFirst()
    }
    guard words.popFirst() == "import" else { return nil }
    let kinds: Set<Substring> = [
        "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
    ]
    if let kind = words.first, kinds.contains(kind) { words.removeFirst() }
    return words.first?.split(separator: ".").first.map(String.init)
}

/// What would make a replay differ from the first run, or reach past the caller.
private let impureWords = [
    "Date(": "a clock", "ContinuousClock": "a clock", "SuspendingClock": "a clock",
    ".random(": "randomness", "randomElement(": "randomness", "shuffled(": "randomness",
    "shuffle(": "randomness", "SystemRandomNumberGenerator": "randomness",
    "Hasher(": "a hash that differs per process", "hashValue": "a hash that differs per process",
    "Task {": "a task", "Task.detached": "a task", "async": "a suspension",
    "await": "a suspension", "actor": "an actor", "DispatchQueue": "a queue", "Mutex": "a lock",
    "Atomic": "shared memory", "print(": "output", "debugPrint(": "output", "dump(": "output",
    "readLine(": "input", "CommandLine": "the process", "Double": "floating point",
    "Float": "floating point", "Float16": "floating point", "Float32": "floating point",
    "Float64": "floating point",
]
private let impureWordFinder = WordFinder(Array(impureWords.keys))

func purityFindings(_ file: SourceFile) -> [Finding] {
    guard let target = file.target, !file.isTest, Layers.pure.contains(target) else { return [] }
    return impureWordFinder.occurrences(in: file.codeBytes).map { line, word in
        let reason = impureWords[word, default: "it"]
        return file.finding(
            line: line, "\(target) is pure and must not know \(reason): `\(word)`")
    }
}

/// A `default` label hides the case that the next author adds.
func defaultLabelFindings(_ file: SourceFile) -> [Finding] {
    guard let target = file.target, !file.isTest, Layers.exhaustive.contains(target) else {
        return []
    }
    return file.code.enumerated().compactMap { line, text in
        let label = text.trimmed
        guard label.hasPrefix("default:") || label.hasPrefix("@unknown default:") else {
            return nil
        }
        return file.finding(line: line, "name every case: no `default:` in \(target)")
    }
}

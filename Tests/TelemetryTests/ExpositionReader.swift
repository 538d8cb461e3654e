// A reader for Prometheus's text format 0.0.4, strict where servers are lenient. The grammar
// (prometheus.io, "Exposition formats"):
//
//     exposition = { help type sample { sample } }        one block a metric, names not repeated
//     help       = "# HELP " name " " text LF             text: \\ and \n escaped
//     type       = "# TYPE " name " " ("counter" | "gauge" | "histogram") LF
//     sample     = name' [ "{" label { "," label } "}" ] " " value LF
//     label      = labelname "=" DQUOTE text DQUOTE       text: \\, \n and \" escaped
//     name       = [a-zA-Z_:][a-zA-Z0-9_:]*               labelname the same without ":"
//     value      = [-] digits [ "." digits ]
//     name'      = name, or for a histogram name "_bucket", name "_sum", name "_count"

struct ExpositionError: Error, CustomStringConvertible {
    let line: Int
    let message: String
    var description: String { "line \(line): \(message)" }
}

struct Exposition {
    struct Sample: Hashable {
        let name: String
        let labels: [String: String]
        let value: Double
    }

    struct Block {
        let name: String
        let help: String
        let type: String
        var samples: [Sample]
    }

    private(set) var blocks: [Block] = []

    init(_ text: some Sequence<UInt8>) throws(ExpositionError) {
        let text = String(decoding: Array(text), as: UTF8.self)
        guard text.isEmpty || text.hasSuffix("\n") else {
            throw ExpositionError(line: 0, message: "no line feed at the end")
        }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        lines.removeLast()
        for (number, line) in lines.enumerated() {
            do {
                try read(line, isTypeDue: blocks.last?.type == "")
            } catch {
                throw ExpositionError(line: number + 1, message: error.message)
            }
        }
        for block in blocks { try check(block) }
        let names = blocks.map(\.name)
        guard Set(names).count == names.count else {
            throw ExpositionError(line: 0, message: "a metric has two blocks")
        }
    }

    /// The value of one series.
    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        blocks.lazy.flatMap(\.samples).first { $0.name == name && $0.labels == labels }?.value
    }

    private mutating func read(_ line: Substring, isTypeDue: Bool) throws(Complaint) {
        var rest = Scanner(rest: line)
        if rest.take("# HELP ") {
            let name = try rest.name()
            try rest.expect(" ")
            let help = try rest.text(until: nil)
            blocks.append(Block(name: name, help: help, type: "", samples: []))
        } else if rest.take("# TYPE ") {
            let name = try rest.name()
            guard let last = blocks.last, isTypeDue, last.name == name else {
                throw Complaint("TYPE \(name) does not follow its HELP")
            }
            try rest.expect(" ")
            guard ["counter", "gauge", "histogram"].contains(rest.rest) else {
                throw Complaint("unknown type \(rest.rest)")
            }
            blocks[blocks.count - 1] = Block(
                name: name, help: last.help, type: String(rest.rest), samples: [])
        } else {
            guard !blocks.isEmpty, !isTypeDue else { throw Complaint("a sample without TYPE") }
            blocks[blocks.count - 1].samples.append(try rest.sample())
        }
    }
}

private struct Complaint: Error {
    let message: String
    init(_ message: String) { self.message = message }
}

private struct Scanner {
    var rest: Substring

    mutating func take(_ word: String) -> Bool {
        guard rest.hasPrefix(word) else { return false }
        rest.removeFirst(word.count)
        return true
    }

    mutating func expect(_ word: String) throws(Complaint) {
        guard take(word) else { throw Complaint("'\(word)' expected before '\(rest)'") }
    }

    mutating func name() throws(Complaint) -> String {
        let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "_:".contains($0)) }
        guard let first = name.first, !first.isNumber else { throw Complaint("no name: '\(rest)'") }
        rest.removeFirst(name.count)
        return String(name)
    }

    /// Escaped text up to `end`, which is consumed; up to the end of the line when nil.
    mutating func text(until end: Character?) throws(Complaint) -> String {
        var text = ""
        while let character = rest.popFirst() {
            if character == end { return text }
            guard character == "\\" else {
                text.append(character)
                continue
            }
            switch rest.popFirst() {
            case "\\": text.append("\\")
            case "n": text.append("\n")
            case "\"" where end == "\"": text.append("\"")
            default: throw Complaint("unknown escape")
            }
        }
        guard end == nil else { throw Complaint("text without its end") }
        return text
    }

    mutating func sample() throws(Complaint) -> Exposition.Sample {
        let name = try name()
        var labels: [String: String] = [:]
        if take("{") {
            repeat {
                let label = try self.name()
                try expect("=\"")
                guard !label.contains(":"), labels[label] == nil else {
                    throw Complaint("label \(label)")
                }
                labels[label] = try text(until: "\"")
            } while take(",")
            try expect("}")
        }
        try expect(" ")
        let digits = rest.drop { $0 == "-" }
        guard digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
            let value = Double(rest)
        else { throw Complaint("no value: '\(rest)'") }
        return Exposition.Sample(name: name, labels: labels, value: value)
    }
}

private func check(_ block: Exposition.Block) throws(ExpositionError) {
    func refuse(_ message: String) -> ExpositionError {
        ExpositionError(line: 0, message: "\(block.name): \(message)")
    }
    guard !block.type.isEmpty else { throw refuse("HELP without TYPE") }
    guard block.type != "counter" || block.name.hasSuffix("_total") else {
        throw refuse("a counter's name ends in _total")
    }
    guard
        Set(block.samples.map { "\($0.name)\($0.labels.sorted(by: <))" }).count
            == block.samples.count
    else { throw refuse("a series appears twice") }
    guard block.type == "histogram" else {
        guard block.samples.allSatisfy({ $0.name == block.name }) else {
            throw refuse("a sample of another name")
        }
        return
    }
    let groups = Dictionary(grouping: block.samples) { sample in
        sample.labels.filter { $0.key != "le" }
    }
    for group in groups.values {
        let buckets = group.filter { $0.name == block.name + "_bucket" }
        let sums = group.filter { $0.name == block.name + "_sum" }
        let counts = group.filter { $0.name == block.name + "_count" }
        guard sums.count == 1, counts.count == 1, buckets.count + 2 == group.count else {
            throw refuse("buckets, one sum and one count are expected")
        }
        let bounds = buckets.map { $0.labels["le"].flatMap(Double.init) ?? .nan }
        guard zip(bounds, bounds.dropFirst()).allSatisfy(<), bounds.last == .infinity else {
            throw refuse("bounds do not rise to +Inf")
        }
        let values = buckets.map(\.value)
        guard zip(values, values.dropFirst()).allSatisfy(<=), values.last == counts[0].value else {
            throw refuse("counts do not rise to the total")
        }
    }
}

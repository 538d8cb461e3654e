import SystemIO

/// Walks over a command's options: `--name value`, `--name=value` or `--name`.
struct Arguments {
    private var rest: ArraySlice<String>
    private var option = ""
    private var attached: String?

    init(_ arguments: some Collection<String>) { rest = Array(arguments)[...] }

    /// The next option's name; nil at the end.
    mutating func next() throws(BenchError) -> String? {
        if let attached { throw .usage("\(option) takes no value, but has '\(attached)'") }
        guard let argument = rest.popFirst() else { return nil }
        guard argument.hasPrefix("-") else { throw .usage("unknown argument '\(argument)'") }
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        option = String(parts[0])
        attached = parts.count > 1 ? String(parts[1]) : nil
        return option
    }

    /// The option's value.
    mutating func value() throws(BenchError) -> String {
        guard let value = attached.take() ?? rest.popFirst(), !value.isEmpty else {
            throw .usage("\(option) wants a value")
        }
        return value
    }

    /// The option's value as a number of a range.
    mutating func integer(in range: ClosedRange<Int>) throws(BenchError) -> Int {
        let text = try value()
        guard let number = Int(text), range.contains(number) else {
            throw .usage("\(option) is \(range.lowerBound)…\(range.upperBound), not '\(text)'")
        }
        return number
    }

    /// The option's value as numbers of processes, separated by commas.
    mutating func processes() throws(BenchError) -> [ProcessNumber] {
        let text = try value()
        return try text.split(separator: ",", omittingEmptySubsequences: false).map {
            number throws(BenchError) in
            guard let number = Int(number), number > 0 else {
                throw .usage("\(option) wants process numbers, not '\(number)'")
            }
            return ProcessNumber(number)
        }
    }

    /// The option's value as `host:port`.
    mutating func address() throws(BenchError) -> SocketAddress {
        let all = try addresses()
        guard all.count == 1 else { throw .usage("\(option) wants one host:port") }
        return all[0]
    }

    /// The option's value as `host:port`, several of them separated by commas.
    mutating func addresses() throws(BenchError) -> [SocketAddress] {
        let text = try value()
        return try text.split(separator: ",", omittingEmptySubsequences: false).map {
            name throws(BenchError) in
            guard let address = SocketAddress(String(name)) else {
                throw .usage("\(option) wants numeric host:port, not '\(name)'")
            }
            return address
        }
    }
}

/// Where a report goes.
enum ReportForm: Hashable, Sendable {
    /// For people, on standard output.
    case text
    /// One line of JSON on standard output; what people read goes to standard error.
    case json
}

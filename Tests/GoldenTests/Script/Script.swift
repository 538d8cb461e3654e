/// A scenario and the trace that it must print: a command after `> `, below it what it printed.
/// Lines that begin with `#`, and empty ones, are for the reader.
struct Script {
    struct Step {
        /// Comments and empty lines above the command.
        var preamble: [String]
        var command: String
        var printed: [String]
        /// Of the command in the file, from 1.
        let line: Int
    }

    private(set) var steps: [Step] = []
    /// Comments and empty lines below the last step.
    private var end: [String] = []

    init(_ text: String) {
        var preamble: [String] = []
        for (number, line) in Self.lines(text).enumerated() {
            if line.hasPrefix(Self.prompt) {
                let command = String(line.dropFirst(Self.prompt.count))
                steps.append(
                    Step(preamble: preamble, command: command, printed: [], line: number + 1))
                preamble = []
            } else if Self.isPrinted(line), !steps.isEmpty {
                steps[steps.count - 1].printed.append(line)
            } else {
                preamble.append(line)
            }
        }
        end = preamble
    }

    private static let prompt = "> "

    private static func isPrinted(_ line: String) -> Bool {
        !line.isEmpty && !line.hasPrefix("#") && !line.hasPrefix(prompt)
    }

    static func lines(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    /// The file's text.
    var text: String {
        let lines = steps.flatMap { $0.preamble + [Self.prompt + $0.command] + $0.printed } + end
        return lines.joined(separator: "\n") + "\n"
    }

    /// The comment at its top, without the number signs.
    var header: [String] {
        (steps.first?.preamble ?? end).prefix { $0.hasPrefix("#") }
            .map { String($0.dropFirst().drop { $0 == " " }) }
    }

    /// Why nobody should have to read this script; nil when all is well.
    var fault: String? {
        guard !steps.isEmpty else { return "no command: a command's line begins with `> `" }
        guard steps.contains(where: { !$0.printed.isEmpty }) else { return "nothing is printed" }
        guard let rule = header.first, rule.count >= 20 else {
            return "the first line must be a comment that says the rule"
        }
        let sources = header.filter { $0.hasPrefix(Self.source) }
        guard let source = sources.last, source.count > Self.source.count + 5 else {
            return "the comment at the top must say where the rule is from: `# Source: …`"
        }
        return nil
    }

    private static let source = "Source: "

    /// The same commands with what they print now.
    /// - Throws: `ScriptError` that names the line.
    func played() throws -> (script: Script, violations: [String]) {
        var played = self
        var world: (any World)?
        for slot in steps.indices {
            do {
                var command = try ScriptCommand(steps[slot].command)
                if world == nil {
                    let beginning = try Self.world(&command)
                    played.steps[slot].printed = beginning.beginning
                    world = beginning
                } else {
                    played.steps[slot].printed = try world?.perform(&command) ?? []
                }
                try command.end()
                for line in played.steps[slot].printed where !Self.isPrinted(line) {
                    throw ScriptError("what is printed would be read as the reader's: `\(line)`")
                }
            } catch let error as ScriptError {
                throw ScriptError("line \(steps[slot].line): \(error.message)")
            }
        }
        return (played, world?.violations ?? [])
    }

    private static func world(_ command: inout ScriptCommand) throws -> any World {
        switch command.verb {
        case "raft": try RaftWorld(&command)
        case "nodes": try NodeWorld(&command)
        default:
            throw ScriptError("a script begins with `raft` or `nodes`, not `\(command.verb)`")
        }
    }
}

/// A cluster of some kind, and what a script may do to it.
protocol World {
    /// What there is to see when it has been made.
    var beginning: [String] { get }
    /// What the command printed.
    mutating func perform(_ command: inout ScriptCommand) throws -> [String]
    /// Broken promises, which no script may show.
    var violations: [String] { get }
}

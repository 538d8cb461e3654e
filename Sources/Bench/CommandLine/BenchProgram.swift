import SystemIO

/// `holdfast-bench COMMAND …`.
package enum BenchProgram {
    private enum ExitCode {
        static let success: Int32 = 0
        /// The command was understood and failed, or found something off.
        static let failure: Int32 = 1
        /// The command line was not understood.
        static let usage: Int32 = 2
    }

    private static let help = """
        holdfast-bench: load for a Holdfast cluster, and proof of what became of it

        USAGE: holdfast-bench COMMAND [OPTIONS]

        COMMANDS
          holds   ask for two-seat holds as fast as the cluster answers, and measure
          sale    sell a stadium out, then compare every promise with what is there
          help    print this; `holdfast-bench COMMAND --help` tells more

        EXIT CODES
          0  done, nothing off    1  failed, or something is off: the output says what
          2  the command line was not understood

        """

    /// Runs the command that the arguments name, without the program's own name, and returns the
    /// exit code.
    package static func run(_ arguments: [String]) -> Int32 {
        let rest = arguments.dropFirst()
        if rest.contains("--help") || rest.contains("-h") {
            switch arguments.first {
            case "holds": return answer(HoldsCommand.help)
            case "sale": return answer(SaleCommand.help)
            default: return answer(help)
            }
        }
        do throws(BenchError) {
            switch arguments.first {
            case "holds": return try HoldsCommand.run(rest) ? ExitCode.success : ExitCode.failure
            case "sale": return try SaleCommand.run(rest) ? ExitCode.success : ExitCode.failure
            case "help", "--help", "-h": return answer(help)
            case nil: throw .usage("a command is needed")
            case let unknown?: throw .usage("unknown command '\(unknown)'")
            }
        } catch {
            complain("holdfast-bench: \(error)\n")
            guard case .usage = error else { return ExitCode.failure }
            complain("`holdfast-bench --help` tells more\n")
            return ExitCode.usage
        }
    }

    private static func answer(_ text: String) -> Int32 {
        writeToStandardOutput(text)
        return ExitCode.success
    }

    /// Prints a report in the form that was asked for.
    static func print(_ form: ReportForm, text: String, json: String) {
        switch form {
        case .text:
            writeToStandardOutput(text)
        case .json:
            complain(text)
            writeToStandardOutput(json)
        }
    }

    private static func complain(_ text: String) { writeToStandardError(Array(text.utf8)) }

    /// A loop on this thread.
    static func loop() throws(BenchError) -> EventLoop {
        do throws(SystemError) {
            return try EventLoop(wakeup: try Wakeup())
        } catch {
            throw BenchError(error)
        }
    }

    /// Tells the keys of one run from those of any other.
    static func drawRunName() -> String {
        var random = SecureRandom()
        return String(random.nextUInt64() >> 32, radix: 36)
    }
}

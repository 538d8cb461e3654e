import NodeRuntime
import Payments
import SystemIO

/// What the process's end tells its caller.
enum ExitCode {
    static let success: Int32 = 0
    /// The command was understood and failed.
    static let failure: Int32 = 1
    /// The command line was not understood.
    static let usage: Int32 = 2
}

/// `holdfast COMMAND …`.
enum CommandLineProgram {
    static let version = "0.1.0"

    private static let help = """
        holdfast \(version): a cluster that sells seats and never sells one twice

        USAGE: holdfast COMMAND [OPTIONS]

        COMMANDS
          init      make a new node's data directory, once
          serve     run a node
          provider  run the simulated payment provider
          version   print the version
          help      print this; `holdfast COMMAND --help` tells more

        EXIT CODES
          0  done          1  failed: standard error says why
          2  the command line was not understood

        """

    static func run(_ arguments: [String]) -> Int32 {
        FileAccess.keepNewFilesFromOthers()
        let rest = Array(arguments.dropFirst())
        switch arguments.first {
        case "init": return InitCommand.run(rest)
        case "serve": return ServeCommand.run(rest)
        case "provider": return ProviderCommand.run(arguments: rest)
        case "version", "--version", "-V":
            writeToStandardOutput("holdfast \(version)\n")
            return ExitCode.success
        case "help", "--help", "-h":
            writeToStandardOutput(help)
            return ExitCode.success
        case nil:
            complain(help)
            return ExitCode.usage
        case let unknown?:
            complain("holdfast: unknown command \(unknown); `holdfast --help` lists them\n")
            return ExitCode.usage
        }
    }

    static func complain(_ text: String) { writeToStandardError(Array(text.utf8)) }
}

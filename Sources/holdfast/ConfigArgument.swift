import SystemIO

/// The one argument of the commands that concern a node: `--config FILE`.
enum ConfigArgument {
    case file(String)
    /// Already answered: the exit code.
    case answered(Int32)

    init(_ arguments: [String], command: String, help: String) {
        var files: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--help", "-h":
                writeToStandardOutput(help)
                self = .answered(ExitCode.success)
                return
            case "--config":
                files.append(rest.popFirst() ?? "")
            case _ where argument.hasPrefix("--config="):
                files.append(String(argument.dropFirst("--config=".count)))
            default:
                self = Self.misused("unknown argument \(argument)", command)
                return
            }
        }
        guard let file = files.first, !file.isEmpty else {
            self = Self.misused("--config FILE is needed", command)
            return
        }
        self = files.count == 1 ? .file(file) : Self.misused("--config is given twice", command)
    }

    private static func misused(_ reason: String, _ command: String) -> ConfigArgument {
        CommandLineProgram.complain(
            "holdfast \(command): \(reason); `holdfast \(command) --help` tells more\n")
        return .answered(ExitCode.usage)
    }
}

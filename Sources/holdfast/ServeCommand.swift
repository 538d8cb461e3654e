import NodeRuntime
import SystemIO

/// `holdfast serve --config FILE`.
enum ServeCommand {
    private static let help = """
        holdfast serve: run a node

        USAGE: holdfast serve --config FILE

        Runs until SIGTERM or SIGINT, which let requests under way finish and end the process
        within five seconds; a second SIGINT ends it at once. Log lines, one JSON object each,
        go to standard error.

        """

    static func run(_ arguments: [String]) -> Int32 {
        switch ConfigArgument(arguments, command: "serve", help: help) {
        case .answered(let code):
            return code
        case .file(let file):
            do throws(StartError) {
                let configuration = try NodeProcess.configuration(file: file)
                let process = try NodeProcess(
                    configuration, version: CommandLineProgram.version)
                return process.run()
            } catch {
                CommandLineProgram.complain("holdfast serve: \(error)\n")
                return ExitCode.failure
            }
        }
    }
}

import NodeRuntime
import SystemIO

/// `holdfast init --config FILE`.
enum InitCommand {
    private static let help = """
        holdfast init: make a new node's data directory

        USAGE: holdfast init --config FILE

        Writes the node's identity, an empty log and empty shards into the configuration's
        `data_dir`. Run it once for each node, before its first start. It never writes over data:
        a directory that was wiped is a new node.

        """

    static func run(_ arguments: [String]) -> Int32 {
        switch ConfigArgument(arguments, command: "init", help: help) {
        case .answered(let code):
            return code
        case .file(let file):
            do throws(StartError) {
                let configuration = try NodeProcess.configuration(file: file)
                try DataDirectory(of: configuration).initialise()
                writeToStandardOutput(
                    "initialised node \(configuration.nodeID) in \(configuration.dataDirectory)\n")
                return ExitCode.success
            } catch {
                CommandLineProgram.complain("holdfast init: \(error)\n")
                return ExitCode.failure
            }
        }
    }
}

import SystemIO
import Telemetry

/// `holdfast provider`: the simulated payment provider as a process of its own.
package enum ProviderCommand {
    /// Runs the command to its end. Call it on the main thread, before any other starts.
    /// - Parameter arguments: the words after `provider`.
    /// - Returns: the exit code: 0 after an orderly stop or `--help`, 1 when it can't start or go
    ///   on, 2 for wrong arguments, 130 when a second SIGINT cut the stop short.
    package static func run(arguments: [String]) -> Int32 {
        run(
            arguments: arguments,
            log: Log(
                level: .info, node: nil, now: SystemClock.wallNow,
                sink: writeToStandardError))
    }

    static func run(arguments: [String], log: Log) -> Int32 {
        let request: ProviderArguments.Request
        do throws(ProviderArguments.Failure) {
            request = try ProviderArguments.read(arguments)
        } catch {
            let text = "holdfast provider: \(error); `holdfast provider --help` tells more\n"
            writeToStandardError(Array(text.utf8))
            return 2
        }
        switch request {
        case .help:
            writeToStandardOutput(ProviderArguments.help)
            return 0
        case .serve(let arguments):
            return serve(arguments, log)
        }
    }

    private static func serve(_ arguments: ProviderArguments, _ log: Log) -> Int32 {
        StopSignal.block()
        do throws(ProviderError) {
            return try ProviderProcess(arguments, log: log).run()
        } catch {
            log.error("could not start", ["reason": .string("\(error)")])
            return 1
        }
    }
}

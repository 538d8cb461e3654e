import Glibc
import SystemIO
import Telemetry

/// `holdfast provider`: the simulated payment provider as a process of its own.
package enum ProviderCommand {
    /// Runs the command to its end. Call it on the main thread, before any other starts.
    /// - Parameter arguments: the words after `provider`.
    /// - Returns: the exit code: 0 after an orderly stop or `--help`, 1 when it can't start or go
    ///   on, 2 for wrong arguments, 128 and the signal's number when a second one cut the stop
    ///   short.
    package static func run(arguments: [String]) -> Int32 {
        run(
            arguments: arguments,
            log: Log(
                level: .info, node: nil, now: SystemClock.wallNow,
                sink: { write($0, to: STDERR_FILENO) }))
    }

    static func run(arguments: [String], log: Log) -> Int32 {
        let request: ProviderArguments.Request
        do throws(ProviderArguments.Failure) {
            request = try ProviderArguments.read(arguments)
        } catch {
            let text = "holdfast provider: \(error)\nholdfast provider --help says more\n"
            write(Array(text.utf8), to: STDERR_FILENO)
            return 2
        }
        switch request {
        case .help:
            write(Array("\(ProviderArguments.usage)\n".utf8), to: STDOUT_FILENO)
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

    /// Writes all of it, as far as somebody reads.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(
                    descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent)
            }
            guard count > 0 || (count < 0 && errno == EINTR) else { return }
            sent += max(count, 0)
        }
    }
}

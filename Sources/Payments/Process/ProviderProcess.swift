import Primitives
import SystemIO
import Telemetry

/// The provider as a process: serves until a signal, then ends in order.
final class ProviderProcess {
    private enum Phase {
        /// → stopping
        case serving
        /// No new connections; those there are get their answers. → ended
        case stopping
        case ended(exitCode: Int32)
    }

    private let loop: EventLoop
    private let service: ProviderService
    private let signals: SignalReader
    private let log: Log
    private var phase = Phase.serving

    private static let stopTimeout = Milliseconds.seconds(5)

    /// The signals must be blocked.
    init(_ arguments: ProviderArguments, log: Log) throws(ProviderError) {
        self.log = log
        let secret = try WebhookSecret.read(arguments.webhookSecretFile)
        do throws(SystemError) {
            _ = try ProcessUsage.raiseDescriptorLimit()
            loop = try EventLoop(wakeup: Wakeup())
            signals = try SignalReader()
        } catch {
            throw .system(error)
        }
        service = try ProviderService(
            loop: loop,
            configuration: ProviderConfiguration(
                listen: arguments.listen, directory: arguments.directory, webhookSecret: secret,
                webhookURLs: arguments.webhookURLs))
        do throws(SystemError) {
            _ = try loop.register(signals.descriptor, for: .read) { [unowned self] _ in
                readSignals()
            }
        } catch {
            throw .system(error)
        }
    }

    /// - Returns: the process's exit code.
    func run() -> Int32 {
        log.info(
            "started",
            [
                "address": "\(service.address.map { "\($0)" } ?? "")",
                "payments": .integer(Int64(service.paymentCount)),
                "torn_bytes": .integer(Int64(service.tornBytes)),
            ])
        while true {
            do throws(ProviderError) {
                try service.turn()
            } catch {
                log.error("ledger failure", ["reason": .string("\(error)")])
                return 1
            }
            switch phase {
            case .serving:
                continue
            case .stopping:
                if service.isDeserted { phase = .ended(exitCode: 0) }
            case .ended:
                break
            }
            if case .ended(let exitCode) = phase {
                log.info("stopped", ["exit_code": .integer(Int64(exitCode))])
                return exitCode
            }
        }
    }

    private func readSignals() {
        do throws(SystemError) {
            while let signal = try signals.next() { receive(signal) }
        } catch {
            log.error("signals can't be read", ["reason": .string("\(error)")])
            phase = .ended(exitCode: 1)
        }
    }

    private func receive(_ signal: StopSignal) {
        switch signal {
        case .hangUp: break
        case .terminate: stop()
        case .interrupt: interrupt()
        }
    }

    private func stop() {
        guard case .serving = phase else { return }
        log.info("stopping")
        phase = .stopping
        service.stop()
        loop.schedule(after: Self.stopTimeout) { [unowned self] in end(0) }
    }

    private func interrupt() {
        switch phase {
        case .serving: stop()
        case .stopping, .ended: end(Self.interrupted)
        }
    }

    private func end(_ exitCode: Int32) {
        if case .stopping = phase { phase = .ended(exitCode: exitCode) }
    }

    /// What shells report for a process that SIGINT ended.
    private static let interrupted: Int32 = 130
}

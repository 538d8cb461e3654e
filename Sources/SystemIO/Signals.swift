import Primitives
import CLinux
import Glibc

/// The signals that a process answers in order, on its own loop.
package enum StopSignal: Hashable, Sendable, CaseIterable {
    case terminate
    case interrupt
    case hangUp

    /// Its number, as in signal(7).
    package var number: Int32 {
        switch self {
        case .terminate: SIGTERM
        case .interrupt: SIGINT
        case .hangUp: SIGHUP
        }
    }

    /// Keeps these signals from ending the process: they wait until a `SignalReader` reads them.
    /// Also ignores SIGPIPE: a broken connection is an error of the call. Call it on the main
    /// thread before any other starts, since a thread inherits the mask of the one that starts it.
    package static func block() {
        signal(SIGPIPE, SIG_IGN)
        var set = mask
        let code = pthread_sigmask(SIG_BLOCK, &set, nil)
        invariant(code == 0, "pthread_sigmask failed: errno \(code)")
    }

    /// From now on these signals end the process at once, those first that nobody has read.
    package static func unblock() {
        var set = mask
        let code = pthread_sigmask(SIG_UNBLOCK, &set, nil)
        invariant(code == 0, "pthread_sigmask failed: errno \(code)")
    }

    fileprivate static var mask: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in allCases { sigaddset(&set, signal.number) }
        return set
    }
}

/// Reads blocked signals as a descriptor of the loop (signalfd(2)). Register `descriptor` for
/// reading.
package struct SignalReader: ~Copyable, Sendable {
    package let descriptor: Descriptor

    package init() throws(SystemError) {
        var set = StopSignal.mask
        let flags = Int32(SFD_NONBLOCK) | Int32(SFD_CLOEXEC)
        descriptor = Descriptor(owning: try checked("signalfd") { signalfd(-1, &set, flags) })
    }

    /// The next signal that has arrived; nil when there is none.
    package func next() throws(SystemError) -> StopSignal? {
        let number = descriptor.rawValue
        var info = signalfd_siginfo()
        let count = uninterrupted {
            read(number, &info, MemoryLayout<signalfd_siginfo>.size)
        }
        guard count >= 0 else {
            let code = errno
            if code == EAGAIN { return nil }
            throw systemError("read signalfd", code)
        }
        return StopSignal.allCases.first { $0.number == Int32(info.ssi_signo) }
    }
}

import Glibc
import Primitives
import SystemIO

/// A program that a test started. Its output goes to files, its input is empty, and only its own
/// id is ever signalled.
final class ChildProcess {
    enum Ending: Hashable {
        case exited(Int32)
        case signalled(Int32)
    }

    let pid: pid_t
    private(set) var ending: Ending?

    /// Starts a program; what it says is appended to the files.
    init(_ program: String, _ arguments: [String], output: String, errors: String) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let append = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, append, 0o600)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, append, 0o600)
        pid = try Self.spawn(program, arguments, actions)
        ProcessGuard.shared.watch(process: pid)
    }

    deinit {
        guard isRunning else { return }
        signal(SIGKILL)
        var status: Int32 = 0
        _ = waitpid(pid, &status, 0)
    }

    static func spawn(
        _ program: String, _ arguments: [String], _ actions: posix_spawn_file_actions_t
    ) throws -> pid_t {
        var vector = ([program] + arguments).map { strdup($0) }
        vector.append(nil)
        defer { for text in vector { free(text) } }
        var pid: pid_t = 0
        var actions = actions
        let code = posix_spawn(&pid, program, &actions, nil, vector, environ)
        guard code == 0 else { throw SystemError(operation: "start \(program)", errno: code) }
        return pid
    }

    var isRunning: Bool {
        if ending != nil { return false }
        var status: Int32 = 0
        guard waitpid(pid, &status, WNOHANG) == pid else { return true }
        // wait(2): the low seven bits are the signal, the next byte the exit code.
        let signal = status & 0x7f
        ending = signal == 0 ? .exited(status >> 8 & 0xff) : .signalled(signal)
        return false
    }

    func signal(_ number: Int32) {
        if isRunning { Glibc.kill(pid, number) }
    }

    /// Waits for the end that something else has brought about.
    @discardableResult
    func wait(within limit: Milliseconds = .seconds(30)) throws -> Ending {
        try eventually("process \(pid) ends", within: limit) { isRunning ? nil : ending }
    }

    /// Ends it at once, as a power cut would.
    func kill() throws {
        signal(SIGKILL)
        try wait()
    }
}

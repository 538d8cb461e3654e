import Glibc
import SystemIO

/// Sees to it that nothing outlives the tests, even when they are killed or crash: a shell that
/// reads from a pipe until this process is gone, and then ends the processes and removes the
/// folders it was told of.
final class ProcessGuard: Sendable {
    static let shared = ProcessGuard()

    private let pipe: Int32

    // An ended process's id may have been given to another program by then: hence the look at
    // what it runs.
    private static let script = """
        while read -r kind name; do
            case "$kind" in
                process) processes="$processes $name" ;;
                folder) folders="$folders $name" ;;
            esac
        done
        for pid in $processes; do
            grep -qs holdfast "/proc/$pid/cmdline" && kill -9 "$pid"
        done
        rm -rf -- $folders
        """

    private init() {
        var ends: [Int32] = [0, 0]
        let piped = Glibc.pipe(&ends)
        precondition(piped == 0, "no pipe: errno \(errno)")
        // The end of writing must close with this process, so nobody else may have it.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        pipe = ends[1]
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        let shell = try? ChildProcess.spawn("/bin/sh", ["-c", Self.script], actions)
        precondition(shell != nil, "no shell")
        posix_spawn_file_actions_destroy(&actions)
        close(ends[0])
    }

    func watch(process pid: pid_t) { tell("process \(pid)\n") }
    func watch(folder: String) { tell("folder \(folder)\n") }

    private func tell(_ line: String) {
        let bytes = Array(line.utf8)
        let written = write(pipe, bytes, bytes.count)
        precondition(written == bytes.count, "the guard is gone: errno \(errno)")
    }
}

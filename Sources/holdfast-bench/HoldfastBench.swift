import Bench
import SystemIO

/// The program's entry.
@main
struct HoldfastBench {
    static func main() {
        exitAtOnce(BenchProgram.run(Array(CommandLine.arguments.dropFirst())))
    }
}

import SystemIO

/// The program's entry: picks the command. Kept this small because closures written here would
/// belong to the main actor and die on other threads.
@main
struct Holdfast {
    static func main() {
        exitAtOnce(CommandLineProgram.run(Array(CommandLine.arguments.dropFirst())))
    }
}

import Fuzzing
import Glibc
import Primitives
import SystemIO

/// libFuzzer's own `main`, as a function (compiler-rt, `FuzzerInterface.h`).
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ argumentCount: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// From the environment, because libFuzzer takes every argument for itself and starts this program
/// again with others. A function that C calls can't capture it.
private let target = FuzzTarget(
    rawValue: getenv("HOLDFAST_FUZZ_TARGET").map { String(cString: $0) } ?? "")

/// `scripts/fuzz` runs it: `holdfast-fuzz targets` lists the targets, `holdfast-fuzz seeds DIR`
/// writes the seeds of one into an empty folder, any other arguments are libFuzzer's.
@main enum HoldfastFuzz {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        switch (arguments.first, target) {
        case ("targets", _):
            for target in FuzzTarget.allCases { print(target.rawValue, target.inputBytesMax) }
        case (_, nil):
            print("HOLDFAST_FUZZ_TARGET names no target")
            exit(2)
        case ("seeds", let target?):
            for (number, seed) in target.seeds.enumerated() {
                write(seed, to: "\(arguments.last ?? ".")/seed-\(number)")
            }
        case (_, _?): fuzz()
        }
    }

    private static func fuzz() {
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        let status = runFuzzer(&count, &arguments) { bytes, count in
            let input = Array(UnsafeBufferPointer(start: bytes, count: count))
            do {
                _ = try target?.check(input)
            } catch {
                invariantFailure("this does not hold: \(error)")
            }
            return 0
        }
        exit(status)
    }

    private static func write(_ bytes: [UInt8], to path: String) {
        var disk = PosixDisk()
        do {
            let file = try disk.open(path, mode: .create)
            try disk.write(file, at: 0, bytes)
            disk.close(file)
        } catch {
            invariantFailure("\(error)")
        }
    }
}

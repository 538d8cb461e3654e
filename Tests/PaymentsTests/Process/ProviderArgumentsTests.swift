import SystemIO
import Testing

@testable import Payments

/// The words after `holdfast provider`.
struct ProviderArgumentsTests {
    private let minimal = [
        "--listen", "127.0.0.1:9000", "--dir", "d", "--webhook-secret-file", "s",
    ]

    private func serve(_ words: [String]) throws -> ProviderArguments {
        guard case .serve(let arguments) = try ProviderArguments.read(words) else {
            throw NeverHappened()
        }
        return arguments
    }

    private func failure(_ words: [String]) -> String? {
        do throws(ProviderArguments.Failure) {
            _ = try ProviderArguments.read(words)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func threeFlagsAreNeeded() throws {
        let arguments = try serve(minimal)
        #expect(arguments.listen == .ipv4(0x7F00_0001, port: 9_000))
        #expect(arguments.directory == "d")
        #expect(arguments.webhookSecretFile == "s")
        #expect(arguments.webhookURLs.isEmpty)
        for flag in stride(from: 0, to: minimal.count, by: 2) {
            var words = minimal
            words.removeSubrange(flag...flag + 1)
            #expect(failure(words) == "\(minimal[flag]): missing")
        }
    }

    @Test func webhookURLsMayBeRepeatedAndKeepTheirOrder() throws {
        let arguments = try serve(
            ["--webhook-url", "http://127.0.0.1:1/a"] + minimal
                + ["--webhook-url", "http://127.0.0.1:2/b"])
        #expect(arguments.webhookURLs.map(\.address.port) == [1, 2])
    }

    @Test func aValueMayStandBehindAnEqualsSign() throws {
        let arguments = try serve([
            "--listen=127.0.0.1:9000", "--dir=a=b", "--webhook-secret-file=s",
            "--webhook-url=http://127.0.0.1:1/?a=b",
        ])
        #expect(arguments.listen.port == 9_000)
        #expect(arguments.directory == "a=b")
        #expect(arguments.webhookURLs.count == 1)
    }

    @Test func wrongWordsAreNamed() {
        #expect(failure(minimal + ["--dirr", "x"]) == "--dirr: unknown argument")
        #expect(failure(minimal + ["x"]) == "x: unknown argument")
        #expect(failure(minimal + ["--dir", "x"]) == "--dir: given twice")
        #expect(failure(minimal + ["--webhook-url"]) == "--webhook-url: a value is missing")
        #expect(failure(["--dir", "--listen", "h:1"]) == "--dir: a value is missing")
        #expect(failure(["--dir", ""] + minimal[..<2] + minimal[4...]) == "--dir: empty")
        let url = failure(minimal + ["--webhook-url", "ftp://x"])
        #expect(url?.hasPrefix("--webhook-url: ftp://x: ") == true)
    }

    @Test(arguments: ["127.0.0.1", "9000", "127.0.0.1:70000", ":9000", "::1:80"])
    func anAddressIsHostAndPort(text: String) {
        #expect(failure(["--listen", text] + minimal[2...])?.hasPrefix("--listen: ") == true)
    }

    @Test func helpIsGivenWhateverElseIsAsked() throws {
        for words in [["--help"], ["-h"], ["--nonsense", "--help"], minimal + ["--help"]] {
            guard case .help = try ProviderArguments.read(words) else {
                Issue.record("\(words) is not a call for help")
                continue
            }
        }
        for flag in ["--listen", "--dir", "--webhook-secret-file", "--webhook-url"] {
            #expect(ProviderArguments.help.contains(flag))
        }
    }
}

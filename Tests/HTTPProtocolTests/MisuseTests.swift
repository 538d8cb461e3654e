import HTTPProtocol
import Primitives
import Testing

/// A program that breaks a rule stops there, before it sends or reads anything wrong.
struct MisuseTests {
    @Test func aBodyWithAStatusThatHasNoneStops() async {
        await #expect(processExitsWith: .failure) {
            var output: [UInt8] = []
            ResponseWriter.refusal.append(
                HTTPResponse(.noContent, body: [1]), date: HTTPDate(.zero), to: &output)
        }
    }

    @Test func aStreamWithAStatusThatHasNoBodyStops() async {
        await #expect(processExitsWith: .failure) {
            var output: [UInt8] = []
            _ = ResponseWriter.refusal.appendStreamHead(
                .notModified, headers: HeaderBlock(), date: HTTPDate(.zero), to: &output)
        }
    }

    @Test func aLiteralThatWouldSplitAHeaderStops() async {
        await #expect(processExitsWith: .failure) {
            let value: HTTPHeaderValue = "a\r\nb"
            _ = value
        }
    }

    @Test func aRequestWithoutMethodStops() async {
        await #expect(processExitsWith: .failure) {
            guard let target = RequestTarget("/"), let host = HTTPHost("a") else { return }
            _ = HTTPRequest(.unknown, target, host: host)
        }
    }

    @Test func limitsThatNothingFitsStop() async {
        await #expect(processExitsWith: .failure) { _ = HTTPLimits(headBytesMax: 0) }
        await #expect(processExitsWith: .failure) { _ = HTTPLimits(headBytesMax: 65_536) }
    }

    @Test func aReaderAskedForWhatIsNotOpenStops() async {
        await #expect(processExitsWith: .failure) {
            var reader = JSONReader(Array("[1]".utf8))
            try reader.beginArray()
            _ = try reader.nextKey()
        }
        await #expect(processExitsWith: .failure) {
            var reader = JSONReader(Array("{}".utf8))
            try reader.beginObject()
            _ = try reader.nextElement()
        }
        await #expect(processExitsWith: .failure) {
            var reader = JSONReader(Array("[1]".utf8))
            try reader.beginArray()
            try reader.finish()
        }
    }
}

import SystemIO
import Testing

@Suite struct SocketAddressTests {
    @Test(arguments: [
        ("127.0.0.1:8101", SocketAddress.ipv4(0x7F00_0001, port: 8_101)),
        ("0.0.0.0:0", .ipv4(0, port: 0)),
        ("255.1.2.3:65535", .ipv4(0xFF01_0203, port: 65_535)),
        ("[::1]:80", .ipv6(high: 0, low: 1, port: 80)),
        ("[::]:80", .ipv6(high: 0, low: 0, port: 80)),
        (
            "[2001:db8::ff00:42]:443",
            .ipv6(high: 0x2001_0db8_0000_0000, low: 0xff00_0042, port: 443)
        ),
    ])
    func aNumericAddressIsReadAndWritten(_ text: String, _ address: SocketAddress) throws {
        #expect(SocketAddress(text) == address)
        #expect(address.description == text)
        #expect(try SocketAddress.resolve(text) == [address])
    }

    @Test(arguments: [
        "", ":", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:+80",
        "127.0.0.1:-1", "127.0.0.1: 80", "::1:80",
    ])
    func anythingElseIsMalformed(_ text: String) {
        #expect(SocketAddress(text) == nil)
        #expect(throws: AddressError.malformed(text)) { try SocketAddress.resolve(text) }
    }

    @Test func aNameIsNotANumericAddress() {
        #expect(SocketAddress("localhost:80") == nil)
    }

    @Test func aNameResolvesWithItsPort() throws {
        let addresses = try SocketAddress.resolve("localhost:8101")
        let loopbacks: [SocketAddress] = [
            .ipv4(0x7F00_0001, port: 8_101), .ipv6(high: 0, low: 1, port: 8_101),
        ]
        #expect(!addresses.isEmpty)
        #expect(addresses.allSatisfy(loopbacks.contains))
    }

    @Test func anUnknownNameIsAnErrorThatNamesIt() {
        // A label of 64 bytes is longer than DNS allows (RFC 1035, §2.3.4): no server is asked.
        let text = String(repeating: "a", count: 64) + ".invalid:80"
        let error = #expect(throws: AddressError.self) { try SocketAddress.resolve(text) }
        #expect(error?.description.hasPrefix(text) == true)
    }
}

import Primitives

// Texts of a configuration that must have a form: addresses, URLs, hexadecimal numbers, secrets.

extension ConfigurationObject {
    /// 32 hexadecimal digits.
    mutating func hexNumber(_ key: String) throws(ConfigurationError) -> UInt128 {
        guard let bytes = Hex.decode(try text(key).utf8), bytes.count == 16 else {
            throw error(key, .badForm(expected: "32 hexadecimal digits in lower case"))
        }
        return bigEndian(bytes[...])
    }

    /// A SHA-256 digest as 64 hexadecimal digits.
    mutating func digest(_ key: String) throws(ConfigurationError) -> Digest256 {
        guard let bytes = Hex.decode(try text(key).utf8), bytes.count == 32 else {
            throw error(key, .badForm(expected: "64 hexadecimal digits in lower case"))
        }
        return Digest256(high: bigEndian(bytes[..<16]), low: bigEndian(bytes[16...]))
    }

    /// `host:port`, with an IPv6 host in brackets.
    mutating func address(
        _ key: String, ports: ClosedRange<UInt16>
    ) throws(ConfigurationError) -> String {
        let text = try text(key)
        guard isAddress(text[...], ports: ports) else {
            throw error(
                key,
                .badForm(
                    expected: "host:port with a port from \(ports.lowerBound) to "
                        + "\(ports.upperBound), an IPv6 host in brackets"))
        }
        return text
    }

    /// Where clients call: `http://host[:port]` or `https://…`, nothing after it.
    mutating func url(_ key: String) throws(ConfigurationError) -> String {
        let text = try text(key)
        let scheme = ["http://", "https://"].first(where: text.hasPrefix)
        guard let scheme, isAuthority(text.dropFirst(scheme.count)) else {
            throw error(
                key, .badForm(expected: "http://host:port or https://host:port, without a path"))
        }
        return text
    }

    /// Where this node itself calls: `http://host[:port]`, nothing after it.
    mutating func ownCallURL(_ key: String) throws(ConfigurationError) -> String {
        let text = try text(key)
        let scheme = "http://"
        guard text.hasPrefix(scheme), isAuthority(text.dropFirst(scheme.count)) else {
            throw error(
                key,
                .badForm(
                    expected: "http://host:port, without a path: this version speaks no TLS to a "
                        + "provider"))
        }
        return text
    }

    /// What the file holds that the key names.
    mutating func secretFile(_ key: String) throws(ConfigurationError) -> ConfiguredSecret {
        try secret(key, at: try text(key))
    }

    /// What a file holds, long enough for a secret.
    func secret(
        _ key: String, at path: String
    ) throws(ConfigurationError) -> ConfiguredSecret {
        try checkedSecret(
            key, try file.secret(key: keyPath(key), in: path), in: file.resolve(path))
    }

    /// The error about a secret does not show it.
    func checkedSecret(
        _ key: String, _ secret: [UInt8], in path: String
    ) throws(ConfigurationError) -> ConfiguredSecret {
        guard secret.count >= NodeConfiguration.secretBytesMin else {
            throw file.error(
                keyPath(key), nil,
                .badForm(
                    expected: "at least \(NodeConfiguration.secretBytesMin) bytes, and has "
                        + "\(secret.count)"))
        }
        return ConfiguredSecret(bytes: secret, file: path)
    }

    private func isAuthority(_ text: Substring) -> Bool {
        let hasPort = text.hasSuffix("]") == false && text.contains(":")
        return hasPort ? isAddress(text, ports: 1...65_535) : isHost(text)
    }

    private func isAddress(_ text: Substring, ports: ClosedRange<UInt16>) -> Bool {
        guard let colon = text.lastIndex(of: ":") else { return false }
        let digits = text[text.index(after: colon)...]
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits)
        else { return false }
        return ports.contains(port) && isHost(text[..<colon])
    }

    /// A name, an IPv4 address, or an IPv6 address in brackets. Whether it exists is found out
    /// when it is used.
    private func isHost(_ host: Substring) -> Bool {
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        let inner = isBracketed ? host.dropFirst().dropLast() : host
        return !inner.isEmpty
            && inner.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                    UInt8(ascii: "_"):
                    true
                case UInt8(ascii: ":"): isBracketed
                default: false
                }
            }
    }

    private func bigEndian(_ bytes: ArraySlice<UInt8>) -> UInt128 {
        bytes.reduce(0) { $0 << 8 | UInt128($1) }
    }
}

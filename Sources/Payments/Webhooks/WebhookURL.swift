package import HTTPProtocol
package import SystemIO

/// Where webhooks go.
package struct WebhookURL: Sendable {
    package let address: SocketAddress
    package let host: HTTPHost
    package let target: RequestTarget

    /// Reads `http://host:port/path`; the host may be a name, which is resolved here and blocks:
    /// for start-up only. Nil when the text is something else or the name is unknown.
    package init?(_ text: String) {
        let scheme = "http://"
        guard text.hasPrefix(scheme) else { return nil }
        let rest = text.dropFirst(scheme.count)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = String(rest[..<slash])
        let path = slash == rest.endIndex ? "/" : String(rest[slash...])
        guard let host = HTTPHost(authority), let target = RequestTarget(path),
            let address = (try? SocketAddress.resolve(authority))?.first
        else { return nil }
        self.host = host
        self.target = target
        self.address = address
    }
}

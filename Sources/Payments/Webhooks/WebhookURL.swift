package import HTTPProtocol
package import SystemIO

/// Where webhooks go.
package struct WebhookURL: Sendable {
    package let address: SocketAddress
    package let host: HTTPHost
    package let target: RequestTarget

    /// Reads an `http` URL. Its host may be a name, which is resolved here and blocks: for
    /// start-up only. Nil when the text is something else or the name is unknown.
    package init?(_ text: String) {
        guard let url = HTTPURL(text), url.scheme == .http else { return nil }
        let host = url.host.contains(":") ? "[\(url.host)]" : url.host
        guard let address = (try? SocketAddress.resolve("\(host):\(url.port)"))?.first else {
            return nil
        }
        self.address = address
        self.host = url.authority
        target = url.target
    }
}

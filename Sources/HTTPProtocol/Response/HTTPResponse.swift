/// A whole response as its author sees it; framing, date and connection are the writer's.
package struct HTTPResponse: Hashable, Sendable {
    package var status: HTTPStatus
    package var headers: HeaderBlock
    /// Must be empty for 204 and 304.
    package var body: [UInt8]

    package init(
        _ status: HTTPStatus, headers: HeaderBlock = HeaderBlock(), body: [UInt8] = []
    ) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// Why a message was refused. After any of these the parser reads nothing more and the connection
/// must be closed: where the next message begins is either unknown or not worth reading up to.
package enum HTTPParseError: Error, Hashable, Sendable, CaseIterable {
    // The start line.
    case invalidMethod
    case methodTooLong
    case invalidTarget
    case targetTooLong
    case invalidVersion
    case unsupportedVersion
    case invalidStatusLine
    // Field lines.
    case invalidFieldName
    case spaceBeforeColon
    case obsoleteFolding
    case controlCharacter
    case bareCarriageReturn
    case bareLineFeed
    case headTooLarge
    case tooManyFields
    // What the fields say together.
    case missingHost
    case severalHosts
    case invalidHost
    case invalidContentLength
    case severalContentLengths
    case lengthAndTransferCoding
    case invalidTransferCoding
    case unknownTransferCoding
    case unsupportedExpectation
    // The body.
    case invalidChunkSize
    case invalidChunkExtension
    case invalidChunkEnd
    case chunkExtensionsTooLarge
    case bodyTooLarge
    /// The connection ended within a response.
    case unexpectedEnd

    /// What a server answers before it closes.
    package var status: HTTPStatus {
        switch self {
        case .invalidMethod, .invalidTarget, .invalidVersion, .invalidStatusLine,
            .invalidFieldName, .spaceBeforeColon, .obsoleteFolding, .controlCharacter,
            .bareCarriageReturn, .bareLineFeed, .missingHost, .severalHosts, .invalidHost,
            .invalidContentLength, .severalContentLengths, .lengthAndTransferCoding,
            .invalidTransferCoding, .invalidChunkSize, .invalidChunkExtension, .invalidChunkEnd,
            .chunkExtensionsTooLarge, .unexpectedEnd:
            .badRequest
        case .targetTooLong: .uriTooLong
        case .headTooLarge, .tooManyFields: .requestHeaderFieldsTooLarge
        case .bodyTooLarge: .contentTooLarge
        case .unsupportedExpectation: .expectationFailed
        case .methodTooLong, .unknownTransferCoding: .notImplemented
        case .unsupportedVersion: .httpVersionNotSupported
        }
    }

    /// One sentence for the problem document's `detail`.
    package var detail: StaticString {
        switch self {
        case .invalidMethod: "The method is not a token."
        case .methodTooLong: "The method is longer than any this server implements."
        case .invalidTarget: "The request target is malformed."
        case .targetTooLong: "The request target is too long."
        case .invalidVersion: "The HTTP version is malformed."
        case .unsupportedVersion: "Only HTTP/1.0 and HTTP/1.1 are spoken here."
        case .invalidStatusLine: "The status line is malformed."
        case .invalidFieldName: "A header's name is not a token."
        case .spaceBeforeColon: "A header has white space before its colon."
        case .obsoleteFolding: "A header is folded over several lines."
        case .controlCharacter: "A header holds a control character."
        case .bareCarriageReturn: "A carriage return has no line feed after it."
        case .bareLineFeed: "A line feed has no carriage return before it."
        case .headTooLarge: "The header block is too large."
        case .tooManyFields: "There are too many headers."
        case .missingHost: "The Host header is missing."
        case .severalHosts: "There are several Host headers."
        case .invalidHost: "The Host header is malformed."
        case .invalidContentLength: "The Content-Length is malformed."
        case .severalContentLengths: "There are several Content-Length headers."
        case .lengthAndTransferCoding: "Content-Length and Transfer-Encoding exclude each other."
        case .invalidTransferCoding: "The Transfer-Encoding leaves the body's end unknown."
        case .unknownTransferCoding: "The only transfer coding known here is chunked."
        case .unsupportedExpectation: "The only expectation known here is 100-continue."
        case .invalidChunkSize: "A chunk's size is malformed."
        case .invalidChunkExtension: "A chunk's extension is malformed."
        case .invalidChunkEnd: "A chunk doesn't end where its size says."
        case .chunkExtensionsTooLarge: "The chunk extensions are too large."
        case .bodyTooLarge: "The body is too large."
        case .unexpectedEnd: "The connection ended within a message."
        }
    }
}

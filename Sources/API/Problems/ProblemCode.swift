package import HTTPProtocol

/// The `code` of a problem document: what a program decides by. Those without a row in the
/// contract's table name what HTTP itself refuses.
package enum ProblemCode: String, Hashable, Sendable, CaseIterable {
    case malformedRequest = "malformed_request"
    case invalidField = "invalid_field"
    case idempotencyKeyMissing = "idempotency_key_missing"
    case unauthenticated
    case forbidden
    case paymentDeclined = "payment_declined"
    case notFound = "not_found"
    case methodNotAllowed = "method_not_allowed"
    case requestTimeout = "request_timeout"
    case seatsUnavailable = "seats_unavailable"
    case idempotencyInProgress = "idempotency_in_progress"
    case paymentPending = "payment_pending"
    case holdCommitted = "hold_committed"
    case notOnSale = "not_on_sale"
    case holdExpired = "hold_expired"
    case holdReleased = "hold_released"
    case contentTooLarge = "content_too_large"
    case targetTooLong = "uri_too_long"
    case unsupportedMediaType = "unsupported_media_type"
    case expectationFailed = "expectation_failed"
    case idempotencyKeyReused = "idempotency_key_reused"
    case limitExceeded = "limit_exceeded"
    case unknownSeat = "unknown_seat"
    case ttlOutOfRange = "ttl_out_of_range"
    case headersTooLarge = "request_header_fields_too_large"
    case notImplemented = "not_implemented"
    case noLeader = "no_leader"
    case overloaded
    case storageFull = "storage_full"
    case outcomeUnknown = "outcome_unknown"
    case versionNotSupported = "http_version_not_supported"

    /// The status that it goes with; an `invalid_field` out of its range has 422 instead.
    package var status: HTTPStatus {
        switch self {
        case .malformedRequest, .invalidField, .idempotencyKeyMissing: .badRequest
        case .unauthenticated: .unauthorized
        case .forbidden: .forbidden
        case .paymentDeclined: .paymentRequired
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .requestTimeout: .requestTimeout
        case .seatsUnavailable, .idempotencyInProgress, .paymentPending, .holdCommitted,
            .notOnSale:
            .conflict
        case .holdExpired, .holdReleased: .gone
        case .contentTooLarge: .contentTooLarge
        case .targetTooLong: .uriTooLong
        case .unsupportedMediaType: .unsupportedMediaType
        case .expectationFailed: .expectationFailed
        case .idempotencyKeyReused, .limitExceeded, .unknownSeat, .ttlOutOfRange:
            .unprocessableContent
        case .headersTooLarge: .requestHeaderFieldsTooLarge
        case .notImplemented: .notImplemented
        case .noLeader, .overloaded, .storageFull: .serviceUnavailable
        case .outcomeUnknown: .gatewayTimeout
        case .versionNotSupported: .httpVersionNotSupported
        }
    }

    /// A few words that never change for a code (RFC 9457 §3.1.3).
    package var title: String {
        switch self {
        case .malformedRequest: "Malformed request"
        case .invalidField: "Invalid field"
        case .idempotencyKeyMissing: "Idempotency key missing"
        case .unauthenticated: "Unauthenticated"
        case .forbidden: "Forbidden"
        case .paymentDeclined: "Payment declined"
        case .notFound: "Not found"
        case .methodNotAllowed: "Method not allowed"
        case .requestTimeout: "Request timeout"
        case .seatsUnavailable: "Seats unavailable"
        case .idempotencyInProgress: "Idempotent request in progress"
        case .paymentPending: "Payment pending"
        case .holdCommitted: "Hold committed"
        case .notOnSale: "Not on sale"
        case .holdExpired: "Hold expired"
        case .holdReleased: "Hold released"
        case .contentTooLarge: "Content too large"
        case .targetTooLong: "URI too long"
        case .unsupportedMediaType: "Unsupported media type"
        case .expectationFailed: "Expectation failed"
        case .idempotencyKeyReused: "Idempotency key reused"
        case .limitExceeded: "Limit exceeded"
        case .unknownSeat: "Unknown seat"
        case .ttlOutOfRange: "TTL out of range"
        case .headersTooLarge: "Request header fields too large"
        case .notImplemented: "Not implemented"
        case .noLeader: "No leader here"
        case .overloaded: "Overloaded"
        case .storageFull: "Storage full"
        case .outcomeUnknown: "Outcome unknown"
        case .versionNotSupported: "HTTP version not supported"
        }
    }
}

extension ProblemCode {
    /// The code for a message that is refused before it is understood: the first of its status.
    init(_ error: HTTPParseError) {
        self = Self.allCases.first { $0.status == error.status } ?? .malformedRequest
    }
}

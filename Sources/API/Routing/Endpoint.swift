package import HTTPProtocol

/// Every call of the HTTP contract that this version answers.
package enum Endpoint: Hashable, Sendable, CaseIterable {
    case createVenue, readVenue
    case createEvent, listEvents, readEvent, setBlocked
    case readSeatMap, readLayout
    case hold, readHold, amendHold, releaseHold
    case commit, readOrder, cancelOrder, listUserOrders
    case webhook
    case health, readiness, leadership, metrics
    case clusterStatus, transferLeadership, flush

    /// The path, its one variable segment in braces: also the route's label in metrics.
    package var path: StaticString {
        switch self {
        case .createVenue: "/venues"
        case .readVenue: "/venues/{id}"
        case .createEvent, .listEvents: "/events"
        case .readEvent: "/events/{id}"
        case .setBlocked: "/events/{id}/blocks"
        case .readSeatMap: "/events/{id}/seatmap"
        case .readLayout: "/layouts/{hash}"
        case .hold: "/events/{id}/reservations"
        case .readHold, .amendHold, .releaseHold: "/reservations/{id}"
        case .commit: "/reservations/{id}/commit"
        case .readOrder: "/orders/{id}"
        case .cancelOrder: "/orders/{id}/cancel"
        case .listUserOrders: "/users/{id}/orders"
        case .webhook: "/payments/webhooks/{provider}"
        case .health: "/healthz"
        case .readiness: "/readyz"
        case .leadership: "/leaderz"
        case .metrics: "/metrics"
        case .clusterStatus: "/cluster/status"
        case .transferLeadership: "/cluster/transfer"
        case .flush: "/cluster/flush"
        }
    }

    /// Its method; HEAD is answered wherever GET is.
    package var method: HTTPMethod {
        switch self {
        case .readVenue, .listEvents, .readEvent, .readSeatMap, .readLayout, .readHold,
            .readOrder, .listUserOrders, .health, .readiness, .leadership, .metrics,
            .clusterStatus:
            .get
        case .createVenue, .createEvent, .setBlocked, .hold, .commit, .cancelOrder, .webhook,
            .transferLeadership, .flush:
            .post
        case .amendHold: .patch
        case .releaseHold: .delete
        }
    }

    /// What a request must show to be admitted.
    package var access: Access {
        switch self {
        case .readVenue, .listEvents, .readEvent, .readSeatMap, .readLayout, .hold, .readHold,
            .amendHold, .releaseHold, .commit, .readOrder:
            .buyer
        case .createVenue, .createEvent, .setBlocked, .cancelOrder: .organizer
        case .listUserOrders: .admin
        case .webhook: .open
        case .health, .readiness, .leadership, .metrics, .clusterStatus: .monitoring
        case .transferLeadership, .flush: .operator
        }
    }

    /// How the endpoint takes a body.
    package enum Body: Hashable, Sendable {
        /// Whatever comes is ignored.
        case ignored
        case json
        /// The bytes themselves are what is signed.
        case raw
    }

    /// What becomes of the body that comes with a request.
    package var body: Body {
        switch self {
        case .createVenue, .createEvent, .setBlocked, .hold, .amendHold, .commit,
            .transferLeadership:
            .json
        case .webhook: .raw
        case .readVenue, .listEvents, .readEvent, .readSeatMap, .readLayout, .readHold,
            .releaseHold, .readOrder, .cancelOrder, .listUserOrders, .health, .readiness,
            .leadership, .metrics, .clusterStatus, .flush:
            .ignored
        }
    }
}

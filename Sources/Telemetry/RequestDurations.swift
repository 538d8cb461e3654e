/// One operation of the HTTP front: its method and its path as a pattern, such as
/// `/events/{id}/reservations`, so that ids make no series of their own.
package struct RouteLabels: Hashable, Sendable {
    package let method: String
    package let route: String

    package init(method: String, route: String) {
        self.method = method
        self.route = route
    }
}

/// `http_request_duration_seconds`: a histogram for each operation and status code.
package struct RequestDurations: Sendable {
    /// The statuses that the API answers with. Any other shares the series `other`.
    private static let statuses = [
        200, 201, 202, 204, 304, 307, 400, 401, 402, 403, 404, 405, 408, 409, 410, 412, 413, 414,
        415, 422, 428, 429, 431, 500, 501, 503, 504,
    ]
    private static let statusTexts = statuses.map(String.init) + ["other"]
    /// From a status below 600 to its place in `statusTexts`.
    private static let places = (0..<600).map { statuses.firstIndex(of: $0) ?? statuses.count }

    private let histograms: [Histogram]

    init(routes: [RouteLabels], in registry: inout MetricsRegistry) {
        let labels = routes.flatMap { route in
            Self.statusTexts.map { status in
                [
                    MetricLabelPair("route", route.route),
                    MetricLabelPair("method", route.method),
                    MetricLabelPair("status", status),
                ]
            }
        }
        histograms = registry.histograms(
            "http_request_duration_seconds",
            "Time from a request's last byte to the last byte of its answer.", labels: labels)
    }

    /// Counts one answer. `route` is the operation's place in the list given at creation.
    package func observe(route: Int, status: Int, nanoseconds: UInt64) {
        let place = Self.places.indices.contains(status) ? Self.places[status] : Self.statuses.count
        histograms[route * Self.statusTexts.count + place].observe(nanoseconds: nanoseconds)
    }
}

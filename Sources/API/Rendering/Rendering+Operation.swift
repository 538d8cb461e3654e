package import HTTPProtocol
import NodeCore

// What load balancers and operators ask.

extension Rendering {
    /// The same status answers three questions.
    func status(_ status: StatusView) -> HTTPResponse {
        if exchange.endpoint == .leadership {
            return status.role == .leader
                ? exchange.report { $0.field("status", "leader") }
                : exchange.refusal(Problem(.noLeader, "This node does not lead."))
        }
        if exchange.endpoint == .readiness {
            return isReady(status)
                ? exchange.report { $0.field("status", "ready") }
                : exchange.refusal(Problem(.noLeader, "This node is not caught up."))
        }
        return exchange.report { status.write(to: &$0, configuration) }
    }

    /// Caught up, and connected to a leader.
    private func isReady(_ status: StatusView) -> Bool {
        guard status.leader != nil, let staleness else { return false }
        return staleness <= configuration.stalenessMax
    }
}

extension Exchange {
    /// `GET /healthz`: whoever can say this is alive.
    var alive: HTTPResponse { report { $0.field("status", "alive") } }

    /// `GET /metrics`, in the text format of Prometheus.
    package func metrics(_ text: [UInt8]) -> HTTPResponse {
        response(.ok, text) { headers in
            headers.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
            headers.add("Cache-Control", "no-store")
        }
    }

    /// What is true at this moment only.
    func report(_ write: (inout JSONObjectWriter) -> Void) -> HTTPResponse {
        json(.ok) {
            $0.add("Cache-Control", "no-store")
        } _: {
            write(&$0)
        }
    }
}

import HTTPProtocol
import Primitives
import Testing

// HTTP/1.1 as any client may speak it, on a real connection to a node.

extension ClusterTests {
    @Suite struct AConversation {
        private func converse(
            _ body: (RawConversation, Sale) throws -> Void
        ) throws {
            try withCluster(.one) { cluster in
                let sale = try Sale(in: cluster)
                try body(RawConversation(to: cluster.files.httpPort(of: 1)), sale)
            }
        }

        private func head(_ line: String, _ fields: String...) -> String {
            "\(line) HTTP/1.1\r\nHost: a\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
        }

        @Test func letsAWaitingClientSendItsBody() throws {
            try converse { connection, sale in
                let hold = sale.hold(["S-A-1"], key: "k")
                connection.send(
                    head(
                        "POST \(hold.path)", "Expect: 100-continue",
                        "Content-Length: \(hold.body.count)"))
                let interim = try connection.next()
                #expect(interim.statusLine == "HTTP/1.1 100 Continue")
                #expect(interim.fields.isEmpty)
                connection.send(hold.body)
                #expect(try connection.next().statusLine == "HTTP/1.1 201 Created")
                // Whose request is refused by its head is not asked for its body.
                connection.send(
                    head("POST /nowhere", "Expect: 100-continue", "Content-Length: 5"))
                let refusal = try connection.next()
                #expect(refusal.statusLine == "HTTP/1.1 404 Not Found")
                #expect(refusal["Connection"] == "close")
                #expect(connection.hasEnded())
            }
        }

        @Test func takesABodyInChunks() throws {
            try converse { connection, sale in
                let hold = sale.hold(["S-A-1"], key: "k")
                connection.send(head("POST \(hold.path)", "Transfer-Encoding: chunked"))
                for piece in [hold.body[..<7], hold.body[7...]] {
                    connection.send("\(String(piece.count, radix: 16));a=b\r\n")
                    connection.send(Array(piece))
                    connection.send("\r\n")
                }
                connection.send("0\r\nTrailer: x\r\n\r\n")
                let answer = try connection.next()
                #expect(answer.statusLine == "HTTP/1.1 201 Created")
                #expect(answer.json?["seat_ids"] == .array([.string("S-A-1")]))
            }
        }

        /// A hold takes a turn of the log, and the map behind it does not: yet they keep their
        /// order.
        @Test func answersInTheOrderOfTheRequests() throws {
            try converse { connection, sale in
                let (first, second) = (
                    sale.hold(["S-A-1"], key: "a"), sale.hold(["S-A-1"], key: "b")
                )
                let holds = [first, second].map {
                    head("POST \($0.path)", "Content-Length: \($0.body.count)")
                        + String(decoding: $0.body, as: UTF8.self)
                }
                connection.send(
                    holds[0] + head("GET /healthz") + holds[1] + head("GET /events/\(sale.event)"))
                let answers = try (0..<4).map { _ in try connection.next() }
                #expect(
                    answers.map(\.statusLine) == [
                        "HTTP/1.1 201 Created", "HTTP/1.1 200 OK", "HTTP/1.1 409 Conflict",
                        "HTTP/1.1 200 OK",
                    ])
                #expect(answers[3].json?["event_id"]?.text == sale.event)
            }
        }

        /// Every answer to a GET, without its body; and the connection goes on.
        @Test func tellsAHeadTheLengthOfWhatItDoesNotSend() throws {
            try converse { connection, sale in
                for path in [
                    "/events", "/events/\(sale.event)", "/events/\(sale.event)/seatmap", "/metrics",
                    "/cluster/status", "/nowhere",
                ] {
                    connection.send(head("GET \(path)", "X-Request-Id: same"))
                    let whole = try connection.next()
                    connection.send(head("HEAD \(path)", "X-Request-Id: same"))
                    let bare = try connection.next(answering: .head)
                    #expect(bare.statusLine == whole.statusLine, "\(path)")
                    #expect(bare.fields.map(\.name) == whole.fields.map(\.name), "\(path)")
                    // Metrics count the requests between the two.
                    guard path != "/metrics" else { continue }
                    #expect(bare["Content-Length"] == "\(whole.body.utf8.count)", "\(path)")
                }
            }
        }

        @Test func endsWhenTheClientSaysSo() throws {
            try withCluster(.one) { cluster in
                for request in [
                    head("GET /healthz", "Connection: close"), "GET /healthz HTTP/1.0\r\n\r\n",
                ] {
                    let connection = try RawConversation(to: cluster.files.httpPort(of: 1))
                    connection.send(request)
                    let answer = try connection.next()
                    #expect(answer.statusLine == "HTTP/1.1 200 OK")
                    #expect(answer["Connection"] == "close")
                    #expect(connection.hasEnded())
                }
            }
        }
    }
}

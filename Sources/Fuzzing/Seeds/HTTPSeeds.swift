import Primitives

/// Inputs that the HTTP targets accept: a fuzzer that began with nothing would take days to find
/// them.
enum HTTPSeeds {
    static let requests = [
        "GET /events?from=2026-11-22T10:35:30Z&limit=5 HTTP/1.1\r\nHost: 127.0.0.1:8101\r\n\r\n",
        "POST /events/evt_1/reservations HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer k\r\n"
            + "Content-Type: application/json \r\nIdempotency-Key: k-1\r\nExpect: 100-continue\r\n"
            + "Content-Length: 10\r\n\r\n{\"a\":\"\\n\"}",
        "GET /?x HTTP/1.0\r\nConnection:keep-alive\r\nX-Empty:\r\nX-Blank: \t\r\n\r\n"
            + "OPTIONS * HTTP/1.1\r\nHost:\r\nContent-Length: 0\r\n\r\n",
        "PUT http://h/y HTTP/1.1\r\nhost: h\r\nTransfer-Encoding: Chunked\r\n\r\n"
            + "3;a=\"b;c\"\r\nabc\r\n0a ; x\r\n0123456789\r\n000\r\nT: u\r\nV:\r\n\r\n",
        "\r\nDELETE https://h?q HTTP/1.1\r\nHost: a\r\nConnection: close, x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        // Bodies around the smaller limits.
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            + String(repeating: "10\r\n0123456789abcdef\r\n", count: 5) + "0\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 64\r\n\r\n"
            + String(repeating: "x", count: 64),
    ].map { Array($0.utf8) }

    static let responses = [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nDate: x\r\n\r\nhello"
            + "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3;x=y\r\nabc\r\n0\r\nT: u\r\n\r\n",
        "HTTP/1.0 404\r\nConnection: keep-alive\r\nContent-Type: text/plain\r\n\r\nuntil the end",
        "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n"
            + "HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n",
    ].map { Array($0.utf8) }

    static let texts = [
        #"{"a":[1,-2,3.5e-7,true,false,null,{"b":"c"}],"d":"\u00e9\ud83c\udf9f\n\\","":0}"#,
        "// comment\n{\"a\": [1, 2,], // more\n \"b\": 9223372036854775807,\n}",
        #"[["\"",[]],[{}],-0,9223372036854775808,"é","\/\b\f\r\t\u0001\u001f\u007f"]"#,
        "  \"text\" ", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[0]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
    ].map { Array($0.utf8) }

    static let grammars = [
        "/events/evt_1/a%2Fb/%C3%A9", "a=1&b=x+y%20z&&c", "http://example.net:8101/path?query",
        "https://[::1]/", "application/json; charset=\"utf-8\"; q=0.5",
        "text/html, application/*;q=0.3,\n*/*;q=0.1", "W/\"a\", \"b\"", "*",
        "2026-11-22T10:35:30.123456789+01:30", "evt_001g0000000000000000000000004",
        "hold_001g0000000000000000000000006", "000000000000000000000000000000ab",
        "7zzzzzzzzzzzzzzzzzzzzzzzzz",
    ].map { Array($0.utf8) }

    static let signatures =
        [-301, -300, 0, 300, 301].map {
            SignatureProperties.header(at: SignatureProperties.now + .seconds($0))
        } + [
            SignatureProperties.header(at: SignatureProperties.now) + Array(", v1=00,v0=x".utf8),
            Array("v1=00,t=1795343730".utf8),
        ]
}

import HTTPProtocol
import Testing

/// `Content-Type` and `Accept`.
struct MediaTypeTests {
    @Test(
        arguments: [
            "application/json", "Application/JSON", "application/json; charset=utf-8",
            "application/json;charset=UTF-8", "application/json ; charset=\"utf-8\"",
            "application/problem+json", "application/vnd.x.v1+JSON; v=1",
            "application/json; profile=\"a;charset=latin1\"", "application/json;",
            "application/json; a=\"\\\"\"; charset=utf-8", "application/json; charset=utf-8 ",
        ])
    func isJSON(text: String) {
        #expect(MediaType.isJSON(utf8(text)[...]))
    }

    @Test(
        arguments: [
            "", "json", "application", "application/", "/json", "text/json", "text/plain",
            "application/jsonp", "application/x-json", "application/+json", "application/json+xml",
            "application/json; charset=latin1", "application/json; charset=\"utf-16\"",
            "application/json; charset", "application/json; charset =utf-8",
            "application/json; charset=\"utf-8", "application/json, text/plain",
            "application/json x", "application /json", "multipart/form-data; boundary=x",
        ])
    func isNotJSON(text: String) {
        #expect(!MediaType.isJSON(utf8(text)[...]))
    }

    @Test(
        arguments: [
            ([], 1_000), ([""], 1_000), ([" , "], 1_000), (["*/*"], 1_000),
            (["application/json"], 1_000),
            (["Application/JSON;q=0.5"], 500), (["application/*"], 1_000), (["text/*"], 0),
            (["application/octet-stream"], 0), (["text/html, */*;q=0.1"], 100),
            (["*/*;q=0.1, application/*;q=0.2, application/json;q=0.3"], 300),
            (["application/json;q=0.3", "*/*"], 300), (["application/json;q=0, */*"], 0),
            (["application/json; v=\"1,2\"; q=0.25, x/y"], 250), (["*/*;q=1.000"], 1_000),
            (["*/*;q=0.123"], 123), (["*/*;q=1.001"], 0), (["*/*;q=2"], 0), (["*/*;q=0.1234"], 0),
            (["*/*;q=x"], 0), (["*/*;q="], 0), (["bad range, application/json"], 1_000),
            (["application/json x, text/*"], 0), (["*/json"], 0), (["*"], 0),
            (["\"a,b\", */*;q=0.5"], 500),
        ] as [([String], Int)])
    func acceptGivesAWeight(values: [String], quality: Int) {
        let accept = values.map { utf8($0)[...] }
        #expect(
            MediaType.quality(type: "application", subtype: "json", accept: accept) == quality)
    }
}

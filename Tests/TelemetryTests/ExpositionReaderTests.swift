import Testing

// The reader that judges the node's metrics must itself be able to say no.

@Test func theReaderAcceptsAWellFormedBlock() throws {
    let text = """
        # HELP a_total What \\\\ it "is".
        # TYPE a_total counter
        a_total{x="a\\"b\\nc",y=""} 3
        a_total 1
        # HELP b The level.
        # TYPE b gauge
        b -1.5

        """
    let exposition = try Exposition(text.utf8)
    #expect(exposition.blocks.map(\.name) == ["a_total", "b"])
    #expect(exposition.blocks.first?.help == "What \\ it \"is\".")
    #expect(exposition.value("a_total", ["x": "a\"b\nc", "y": ""]) == 3)
    #expect(exposition.value("b") == -1.5)
}

@Test(
    arguments: [
        "# HELP b x\n# TYPE b gauge\nb 1",  // no line feed at the end
        "b 1\n",  // no HELP, no TYPE
        "# HELP b x\nb 1\n",  // no TYPE
        "# HELP b x\n# TYPE c gauge\n",  // TYPE of another
        "# HELP b x\n# TYPE b number\n",  // unknown type
        "# HELP b x\n# TYPE b counter\nb 1\n",  // counter without _total
        "# HELP b x\n# TYPE b gauge\nc 1\n",  // sample of another
        "# HELP b x\n# TYPE b gauge\nb 1\nb 2\n",  // series twice
        "# HELP b x\n# TYPE b gauge\nb{l=\"1\"\n",  // open label
        "# HELP b x\n# TYPE b gauge\nb{l=\"\\t\"} 1\n",  // unknown escape
        "# HELP b x\n# TYPE b gauge\nb{1=\"\"} 1\n",  // bad label name
        "# HELP b x\n# TYPE b gauge\nb one\n",  // no number
        "# HELP b x\n# TYPE b gauge\nb 1 \n",  // a space too many
        "# HELP b x\n# TYPE b gauge\nb 1\n# HELP b x\n# TYPE b gauge\n",  // block twice
        histogram(buckets: ["1": 1, "2": 0, "+Inf": 2], count: 2),
        histogram(buckets: ["2": 1, "1": 2, "+Inf": 2], count: 2),
        histogram(buckets: ["1": 1, "2": 2], count: 2),
        histogram(buckets: ["1": 1, "+Inf": 2], count: 3),
    ])
func theReaderRefuses(_ text: String) {
    #expect(throws: ExpositionError.self) { try Exposition(text.utf8) }
}

@Test func theReaderAcceptsAHistogram() throws {
    let text = histogram(buckets: ["1": 1, "2": 1, "+Inf": 2], count: 2)
    #expect(try Exposition(text.utf8).value("h_seconds_bucket", ["le": "+Inf"]) == 2)
}

private func histogram(buckets: KeyValuePairs<String, Int>, count: Int) -> String {
    let lines = buckets.map { "h_seconds_bucket{le=\"\($0.key)\"} \($0.value)\n" }.joined()
    return "# HELP h_seconds x\n# TYPE h_seconds histogram\n\(lines)"
        + "h_seconds_sum 1.5\nh_seconds_count \(count)\n"
}

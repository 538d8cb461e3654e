import Testing

/// Scenarios with their expected traces, in `Scripts`; `README.md` beside this file explains their
/// language. `HOLDFAST_REWRITE_GOLDEN=1 scripts/test --filter GoldenTests` writes what is printed
/// now into the files, to be read as a diff before it is committed.
@Suite struct GoldenTests {
    @Test(arguments: ScriptFolder.scripts)
    func theTraceIsAsWritten(_ path: String) throws {
        let text = try ScriptFolder.read(path)
        let script = Script(text)
        let (played, violations) = try script.played()
        #expect(violations == [], "\(path)")
        if ScriptFolder.mustRewrite {
            if played.text != text { try ScriptFolder.write(played.text, to: path) }
        } else if played.text != text {
            Issue.record("\(Self.complaint(path, expected: text, actual: played.text))")
        }
        if let fault = played.fault { Issue.record("Tests/GoldenTests/Scripts/\(path): \(fault)") }
    }

    private static func complaint(_ path: String, expected: String, actual: String) -> String {
        """
        Tests/GoldenTests/Scripts/\(path) prints something else:
        \(lineDiff(expected: Script.lines(expected), actual: Script.lines(actual)))
        If every line of it is right, accept it:
            \(ScriptFolder.rewriteVariable)=1 scripts/test --filter GoldenTests
        """
    }

    @Test func everyFileIsAScriptThatIsPlayed() {
        #expect(ScriptFolder.files.filter { !ScriptFolder.isScript($0) } == [])
        #expect(ScriptFolder.scripts.count >= 30)
    }

    @Test func noTwoScriptsShowTheSameRule() throws {
        let rules = try ScriptFolder.scripts.map { Script(try ScriptFolder.read($0)).header.first }
        #expect(Set(rules).count == rules.count)
    }
}

import Testing

/// The language of the scripts: what is kept, what is refused, and what a failure says.
@Suite struct ScriptTests {
    private static let text = """
        # A rule that is long enough.
        # Source: Raft paper §5.

        > raft 3

        # Why.
        > elect 1
        1      leader            t1

        # The end.

        """

    @Test func aPlayedScriptKeepsEverythingButWhatIsPrinted() throws {
        let wrong = Self.text.replacing("leader            t1", with: "candidate\nand more")
        #expect(Script(wrong).text == wrong)
        let (played, violations) = try Script(wrong).played()
        #expect(played.text == Self.text)
        #expect(violations.isEmpty)
        #expect(played.fault == nil)
    }

    @Test(arguments: [
        ("", "no command: a command's line begins with `> `"),
        ("# A rule that is long enough.\n# Source: Raft paper §5.\n", "no command"),
        ("# A rule that is long enough.\n# Source: Raft §5.\n> raft 3\n", "nothing is printed"),
        ("> raft 3\n> elect 1\n1 leads\n", "the first line must be a comment"),
        ("# Short.\n# Source: Raft paper §5.\n> raft 3\n1\n", "the first line must be a comment"),
        ("# A rule that is long enough.\n> raft 3\n1\n", "must say where the rule is from"),
        ("# A rule that is long enough.\n# Source:\n> raft 3\n1\n", "must say where the rule"),
    ])
    func aScriptWithoutARuleASourceOrATraceIsFaulty(_ text: String, _ fault: String) {
        #expect(Script(text).fault?.contains(fault) == true)
    }

    @Test(arguments: [
        ("> elect 1", "line 1: a script begins with `raft` or `nodes`, not `elect`"),
        ("> raft 3\n\n> ellect 1", "line 3: no command `ellect`"),
        ("> raft 3\n> elect 4", "line 2: no node `4`"),
        ("> raft 3\n> elect", "line 2: `elect` wants a node"),
        ("> raft 3 hearbeat=4", "line 1: `raft` can't use `hearbeat=4`"),
        ("> raft 3 heartbeat=often", "line 1: `heartbeat` wants a number, not `often`"),
        ("> raft 3\n> deliver 1->2 appends", "line 2: `appends` is neither ends"),
        ("> nodes 1\n> run 5", "line 2: `5` is no time: write 500ms or 3s"),
        ("> nodes 1\n> hold k Z-1", "line 2: no seat `Z-1`"),
        ("> nodes 1\n> sell k A-1", "line 2: no command `sell`"),
    ])
    func whatAScriptCannotMeanIsSaidWithItsLine(_ text: String, _ message: String) {
        let error = #expect(throws: ScriptError.self) { try Script(text).played() }
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
    }

    @Test func aFileOutsideOfTheTwoFoldersIsAnOrphan() {
        #expect(ScriptFolder.isScript("Raft/figure-8.txt"))
        for path in ["figure-8.txt", "Raft/Old/a.txt", "Raft/a.text", "Wire/a.txt", "Raft/A b.txt"]
        {
            #expect(!ScriptFolder.isScript(path), "\(path)")
        }
    }

    @Test func aDifferenceIsShownWithItsSurroundings() {
        let expected = (1...9).map { "line \($0)" }
        var actual = expected
        actual[4] = "another"
        actual.append("line 10")
        let diff = lineDiff(expected: expected, actual: actual, context: 1)
        #expect(
            diff == """
                  …
                  line 4
                - line 5
                + another
                  line 6
                  …
                  line 9
                + line 10
                """)
    }

    @Test func runsOfEntriesAreDrawnTogether() throws {
        let script = Script(
            "> raft 2\n> given 1 terms=1,1,2,3,3\n> given 2 terms=1\n> elect 1\n> log")
        let printed = try script.played().script.steps.last?.printed
        #expect(
            printed == [
                "index   1    2    3    4    5    6",
                "1      [1]  [1]  [2]  [3]  [3]  [4·]",
                "2      [1]  [1]  [2]  [3]  [3]  [4·]",
            ])
    }
}

import Testing

// The checker of the table of targets against a small sound pair, and against each way to spoil it.

@Suite struct TheLayerTableChecker {
    private static let manifest = SourceFile(
        path: "Package.swift",
        text: """
            func layer(_ name: String, _ dependencies: [String] = []) -> Target {
            let all = [
                layer("Raft"),
                layer(
                    "Wire",
                    [
                        "Raft", "CLinux",
                    ]),
                program("holdfast-bench", ["Wire"]),
                .systemLibrary(name: "CLinux", providers: [.apt(["libc6-dev"])]),
                tests("RaftTests", ["Raft"]),
            ]
            """)
    private static let rows = [
        "| `Raft` | why | the standard library |", "| `Wire` | `x` | `CLinux`, `Raft` |",
        "| `CLinux` | why | |", "| `holdfast-bench` | why | `Wire` |",
    ]

    private func messages(_ rows: [String] = rows) -> [String] {
        let text = (["text", "| target | why | may import |", "|---|---|---|"] + rows + ["end"])
        let page = SourceFile(path: layerTablePath, text: text.joined(separator: "\n"))
        return layerTableFindings(page, manifest: Self.manifest).map {
            "\($0.line): \($0.message)"
        }
    }

    @Test func readsTheManifest() {
        #expect(
            declaredImports(Self.manifest) == [
                "Raft": [], "Wire": ["Raft", "CLinux"], "holdfast-bench": ["Wire"], "CLinux": [],
            ])
    }

    @Test func acceptsATableThatFits() { #expect(messages() == []) }

    @Test func findsAMissingRow() {
        #expect(
            messages(Self.rows.dropLast()) == [
                "1: holdfast-bench has no row in the table of targets"
            ])
    }

    @Test func findsAnImportTooManyOrTooFew() {
        var rows = Self.rows
        rows[0] = "| `Raft` | why | `Wire` |"
        rows[1] = "| `Wire` | why | `Raft` |"
        #expect(
            messages(rows) == ["4: Raft may import: nothing", "5: Wire may import: CLinux, Raft"])
    }

    @Test func findsATargetThatIsNone() {
        #expect(
            messages(Self.rows + ["| `Old` | why | |"]) == ["8: Old is no target of Package.swift"])
    }

    @Test func findsARowTwice() {
        #expect(messages(Self.rows + [Self.rows[0]]) == ["8: Raft has a row already"])
    }
}

import Testing

// The register's checker against a small sound register, and against each way to spoil it.

@Suite struct TheInvariantChecker {
    private static let register = """
        | number | statement | asserted in |
        |---|---|---|
        | INV-01 | One leader a term. | `Raft/A.swift`, `Raft/B.swift` |
        | INV-40 | A seat has one owner. | `Inventory/C.swift` |
        """
    private static let sources = [
        source("Raft/A.swift", #"invariant(x, "INV-01: \(x)")"#),
        source("Raft/B.swift", "// INV-01 again\nlet y = 1 // INV-01"),
        source("Inventory/C.swift", #"invariantFailure("INV-40: no")"#),
    ]

    private static func source(_ path: String, _ text: String) -> SourceFile {
        SourceFile(path: "Sources/" + path, text: text)
    }

    private func messages(
        register: String = register, sources: [SourceFile] = sources
    ) -> [String] {
        invariantFindings(
            register: SourceFile(path: invariantRegisterPath, text: register), sources: sources
        ).map(\.description)
    }

    @Test func acceptsARegisterThatFits() {
        #expect(messages().isEmpty)
    }

    @Test func readsRowsAndNothingElse() {
        let text = Self.register + "\n\nINV-77 in prose\n| other | INV-78 | table |\n"
        let rows = invariantRows(SourceFile(path: invariantRegisterPath, text: text))
        #expect(rows.map(\.number) == ["INV-01", "INV-40"])
        #expect(rows.first?.files == ["Raft/A.swift", "Raft/B.swift"])
    }

    @Test func findsACitationWithoutARow() {
        let stray = Self.source("Raft/D.swift", "\n// INV-02 and INV-W3")
        #expect(
            messages(sources: Self.sources + [stray]) == [
                "Sources/Raft/D.swift:2: INV-02 has no row in Sources/ARCHITECTURE.md",
                "Sources/Raft/D.swift:2: INV-W3 has no row in Sources/ARCHITECTURE.md",
            ])
    }

    @Test func findsARowThatNothingAsserts() {
        let row = "\n| INV-02 | Nobody holds this. | `Raft/A.swift` |"
        #expect(
            messages(register: Self.register + row) == [
                "Sources/ARCHITECTURE.md:5: INV-02 is asserted nowhere"
            ])
    }

    @Test func findsARowThatNamesOtherFiles() {
        let text = Self.register.replacing("`Raft/A.swift`, ", with: "")
        #expect(
            messages(register: text) == [
                "Sources/ARCHITECTURE.md:3: INV-01 is asserted in `Raft/A.swift`, `Raft/B.swift`"
            ])
    }

    @Test func findsANumberWithTwoRows() {
        let row = "\n| INV-40 | Something else. | `Inventory/C.swift` |"
        #expect(
            messages(register: Self.register + row) == [
                "Sources/ARCHITECTURE.md:5: INV-40 has a row already"
            ])
    }

    @Test func findsAStatementWithTwoNumbers() {
        let text = Self.register.replacing("A seat has one owner.", with: "One leader a term.")
        #expect(
            messages(register: text) == [
                "Sources/ARCHITECTURE.md:4: INV-40 says what an earlier row says"
            ])
    }

    @Test func findsANumberThatTwoTargetsUse() {
        let text = Self.register.replacing(
            "`Inventory/C.swift`", with: "`Inventory/C.swift`, `Wire/E.swift`")
        let reuse = Self.source("Wire/E.swift", "// INV-40")
        #expect(
            messages(register: text, sources: Self.sources + [reuse]) == [
                "Sources/Wire/E.swift:1: INV-40 is cited in Sources/Inventory/C.swift: take another"
            ])
    }

    @Test func leavesTestsAlone() {
        let sample = SourceFile(path: "Tests/RaftTests/A.swift", text: "// INV-99")
        #expect(messages(sources: Self.sources + [sample]).isEmpty)
    }
}

import Testing

// The house rules, held against the tree as it is. CheckerTests shows that each of them can fail.

@Suite struct TheTree {
    @Test func isFound() {
        #expect(Tree.swift.count > 40)
        #expect(Tree.swift.contains { $0.path == "Tests/TidyTests/TreeTests.swift" })
        #expect(Tree.files.contains { $0.path == "scripts/test" })
    }

    @Test func hasNoLongFile() { expectNone(Tree.files.flatMap(fileLengthFindings)) }

    @Test func hasShortFilesOnTheWhole() { expectNone(medianLengthFindings(Tree.files)) }

    @Test func hasNoLongFunction() { expectNone(Tree.swift.flatMap(functionLengthFindings)) }

    @Test func hasNoLongLine() { expectNone(Tree.files.flatMap(columnFindings)) }

    @Test func hasCleanWhitespace() { expectNone(Tree.files.flatMap(whitespaceFindings)) }

    @Test func importsOnlyDownwards() { expectNone(Tree.swift.flatMap(importFindings)) }

    @Test func keepsThePureLayerPure() { expectNone(Tree.swift.flatMap(purityFindings)) }

    @Test func namesEveryCaseInTheCores() { expectNone(Tree.swift.flatMap(defaultLabelFindings)) }

    @Test func putsNothingOff() { expectNone(Tree.files.flatMap(putOffFindings)) }

    @Test func neverTriesWithForce() { expectNone(Tree.swift.flatMap(crashFindings)) }

    @Test func assertsAloud() { expectNone(Tree.swift.flatMap(muteAssertionFindings)) }

    @Test func provesWhatTheCompilerCannot() { expectNone(Tree.swift.flatMap(unprovenFindings)) }

    @Test func documentsPackageDeclarations() {
        let requirements = protocolRequirements(Tree.swift)
        expectNone(Tree.swift.flatMap { documentationFindings($0, requirements: requirements) })
    }

    @Test func registersItsInvariants() throws {
        let register = try #require(Tree.read(invariantRegisterPath))
        expectNone(invariantFindings(register: register, sources: Tree.swift))
    }

    @Test func hasTheFixedTopLevel() { expectNone(topLevelFindings(Tree.entries("."))) }

    @Test func pointsToNothingOutside() { expectNone(Tree.files.flatMap(referenceFindings)) }

    @Test func describesItsTargets() throws {
        let page = try #require(Tree.read(layerTablePath))
        let manifest = try #require(Tree.read("Package.swift"))
        expectNone(layerTableFindings(page, manifest: manifest))
    }

    @Test func matchesTheManifest() throws {
        let manifest = try #require(Tree.read("Package.swift"))
        expectNone(
            manifestFindings(
                manifest, sourceFolders: Tree.folders("Sources"),
                testFolders: Tree.folders("Tests")))
    }
}

private func expectNone(
    _ findings: [Finding], sourceLocation: SourceLocation = #_sourceLocation
) {
    guard !findings.isEmpty else { return }
    let list = findings.map(\.description).joined(separator: "\n")
    Issue.record("\n\(list)", sourceLocation: sourceLocation)
}

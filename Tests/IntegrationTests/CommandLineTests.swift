import Testing

// The program's words and exit codes.

extension ClusterTests {
    @Suite struct TheCommandLine {
        @Test(arguments: ["--help", "-h", "help"])
        func explainsItself(_ argument: String) throws {
            let result = try Program.run([argument])
            #expect(result.exitCode == 0)
            #expect(result.errors.isEmpty)
            for word in ["USAGE", "init", "serve", "provider", "version", "EXIT CODES"] {
                #expect(result.output.contains(word))
            }
        }

        @Test(arguments: ["--version", "-V", "version"])
        func saysItsVersion(_ argument: String) throws {
            let result = try Program.run([argument])
            #expect(result.exitCode == 0)
            #expect(result.output.wholeMatch(of: /holdfast \d+\.\d+\.\d+\n/) != nil)
        }

        @Test(arguments: ["init", "serve", "provider"], ["--help", "-h"])
        func explainsEachCommand(_ command: String, _ flag: String) throws {
            let result = try Program.run([command, flag])
            #expect(result.exitCode == 0)
            #expect(result.errors.isEmpty)
            #expect(result.output.contains("holdfast \(command)"))
            let argument = command == "provider" ? "--listen" : "--config FILE"
            #expect(result.output.contains(argument))
        }

        @Test(
            arguments: [
                (["frobnicate"], "frobnicate"), ([], "USAGE"), (["serve"], "--config"),
                (["serve", "--config"], "--config"), (["serve", "--config="], "--config"),
                (["init", "now"], "now"), (["init", "--config", "a", "--config", "b"], "twice"),
                (["provider", "--listen"], "--listen"),
            ] as [([String], String)])
        func refusesWhatItDoesNotKnow(_ arguments: [String], _ reason: String) throws {
            let result = try Program.run(arguments)
            #expect(result.exitCode == 2)
            #expect(result.output.isEmpty)
            #expect(result.errors.contains(reason))
        }

        @Test(arguments: ["init", "serve"])
        func namesTheFileThatIsNotThere(_ command: String) throws {
            let result = try Program.run([command, "--config", "/nowhere/node.json"])
            #expect(result.exitCode == 1)
            #expect(result.errors.contains("/nowhere/node.json: cannot be read"))
            #expect(result.errors.contains("No such file"))
            #expect(result.output.isEmpty)
        }
    }
}

import Primitives
import Testing
import Wire

/// What ends in a log line is a sentence's end, not the name of a case.
@Suite struct TheWordsOfErrors {
    @Test(
        arguments: [
            (.badMagic(0x6649), "it begins with 6649, which no frame does"),
            (.unsupportedVersion(9), "its version 9 is not spoken here"),
            (.unknownKind(7), "its kind 7 is not known here"),
            (.unsupportedFlags(0x80), "its flags 80 are not known here"),
            (.bodyTooLong(bytes: 300_000), "its body of 300000 bytes is too long"),
            (
                .checksumMismatch,
                "its checksum is wrong: it was damaged on the way, or is of another cluster"
            ),
            (.clockOutOfRange, "its sender's clock is centuries off"),
            (.malformed(.trailingBytes(count: 2)), "2 bytes are left over"),
            (.invalidField(.stateDigest), "a field of its state digest has a value that is none"),
            (.forward(.outOfOrder), "a forward's chunk is out of order"),
            (.forward(.interleaved), "two long forwards are mixed"),
            (.forward(.shortChunk(bytes: 5)), "a forward's chunk of 5 bytes is too short"),
            (.forward(.tooLong), "a forward is too long"),
            (.forward(.malformed(.invalidUTF8)), "a text is not UTF-8"),
        ] as [(FrameError, String)])
    func ofAFrame(_ error: FrameError, _ words: String) {
        #expect(error.description == words)
    }

    @Test(
        arguments: [
            (.bytes(.invalidUTF8), "a text is not UTF-8"),
            (.unknownVersion(4), "it has format 4, which a newer version writes: run that version"),
            (
                .unknownCommand(kind: 99),
                "its command of kind 99 is a newer version's: run that version"
            ),
            (.invalidValue(kind: 3), "its command of kind 3 has a value that is none"),
        ] as [(CommandCodecError, String)])
    func ofAnEntry(_ error: CommandCodecError, _ words: String) {
        #expect(error.description == words)
    }

    @Test(
        arguments: [
            (.version, "it speaks none of this node's protocol versions"),
            (.wrongCluster, "it belongs to another cluster"),
            (.unexpectedNode, "it called for another node"),
        ] as [(HandshakeRefusal, String)])
    func ofARefusedHandshake(_ refusal: HandshakeRefusal, _ words: String) {
        #expect(HandshakeError.refused(refusal).description == "refused this node: \(words)")
    }

    @Test func nameAClusterAsTheConfigurationDoes() {
        #expect(
            HandshakeError.wrongCluster(ClusterID(0xC1), GroupID(2)).description
                == "belongs to cluster 000000000000000000000000000000c1, group 2")
    }
}

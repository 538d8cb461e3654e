import Primitives

/// What two peers agree on: the newest version that both speak.
package struct ProtocolVersionRange: Hashable, Sendable {
    package var oldest: UInt8
    package var newest: UInt8
    package init(oldest: UInt8, newest: UInt8) {
        self.oldest = oldest
        self.newest = newest
    }

    /// The versions that this program speaks.
    package static let supported = ProtocolVersionRange(
        oldest: FrameHeader.version, newest: FrameHeader.version)

    /// The newest version in both ranges.
    func newestCommon(with other: ProtocolVersionRange) -> UInt8? {
        let common = min(newest, other.newest)
        return common >= max(oldest, other.oldest) ? common : nil
    }
}

/// 16 random bytes, drawn for one handshake and never again.
package struct HandshakeNonce: Hashable, Sendable {
    package var rawValue: UInt128
    package init(_ rawValue: UInt128) { self.rawValue = rawValue }
}

/// The dialling node's opening: who it is and whom it wants.
struct Hello: Hashable, Sendable {
    var versions: ProtocolVersionRange
    var from: NodeIdentity
    var to: NodeID
    var nonce: HandshakeNonce
}

/// The accepting node's answer: who it is, its own nonce, and its proof.
struct Challenge: Hashable, Sendable {
    var version: UInt8
    var from: NodeIdentity
    var to: NodeID
    var nonce: HandshakeNonce
    var proof: [UInt8]
}

/// Why an accepting node refuses a hello. Raw values are the encoding on the wire.
package enum HandshakeRefusal: UInt8, Sendable {
    case version = 1
    case wrongCluster = 2
    case unexpectedNode = 3
}

extension HandshakeRefusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .version: "it speaks none of this node's protocol versions"
        case .wrongCluster: "it belongs to another cluster"
        case .unexpectedNode: "it called for another node"
        }
    }
}

/// The messages of a handshake, each behind a head of 8 bytes: magic u32, tag u8, zero u8, body
/// bytes u16.
enum HandshakeMessage: Hashable, Sendable {
    case hello(Hello)
    case challenge(Challenge)
    case proof([UInt8])
    case refusal(HandshakeRefusal)

    static let headBytes = 8
    static let bytesMax = 1_024
    static let proofBytes = 32
    private static let magic: UInt32 = 0x7366_6468

    /// The whole message that begins with this head; nil when it isn't one.
    static func messageBytes(head: [UInt8]) -> Int? {
        var reader = ByteReader(head)
        guard let magic = try? reader.u32(), magic == Self.magic, let tag = try? reader.u8(),
            (1...4).contains(tag), let zero = try? reader.u8(), zero == 0,
            let bodyBytes = try? reader.u16(), headBytes + Int(bodyBytes) <= bytesMax
        else { return nil }
        return headBytes + Int(bodyBytes)
    }

    var encoded: [UInt8] {
        var writer = ByteWriter(capacity: 128)
        writer.u32(Self.magic)
        writer.u8(tag)
        writer.u8(0)
        writer.u16(0)
        switch self {
        case .hello(let hello): hello.encode(into: &writer)
        case .challenge(let challenge):
            challenge.encodeClaims(into: &writer)
            writer.raw(challenge.proof)
        case .proof(let proof): writer.raw(proof)
        case .refusal(let refusal): writer.u8(refusal.rawValue)
        }
        var bytes = writer.bytes
        bytes[6] = UInt8(truncatingIfNeeded: bytes.count - Self.headBytes)
        return bytes
    }

    private var tag: UInt8 {
        switch self {
        case .hello: 1
        case .challenge: 2
        case .proof: 3
        case .refusal: 4
        }
    }

    /// Reads one whole message; nil when it isn't one.
    static func decode(_ bytes: [UInt8]) -> HandshakeMessage? {
        guard messageBytes(head: bytes) == bytes.count else { return nil }
        var reader = ByteReader(bytes, range: headBytes..<bytes.count)
        guard let message = try? decodeBody(tag: bytes[4], from: &reader), reader.remaining == 0
        else { return nil }
        return message
    }

    private static func decodeBody(
        tag: UInt8, from reader: inout ByteReader
    ) throws(ByteReaderError) -> HandshakeMessage? {
        switch tag {
        case 1: try Hello.decode(from: &reader).map { .hello($0) }
        case 2: try Challenge.decode(from: &reader).map { .challenge($0) }
        case 3: .proof(try reader.raw(count: proofBytes))
        case 4: HandshakeRefusal(rawValue: try reader.u8()).map { .refusal($0) }
        default: nil
        }
    }
}

extension Hello {
    func encode(into writer: inout ByteWriter) {
        writer.u8(versions.oldest)
        writer.u8(versions.newest)
        writer.identity(from)
        writer.u16(to.rawValue)
        writer.u128(nonce.rawValue)
    }

    static func decode(from reader: inout ByteReader) throws(ByteReaderError) -> Hello? {
        let versions = ProtocolVersionRange(oldest: try reader.u8(), newest: try reader.u8())
        let from = try reader.identity()
        let to = NodeID(encoded: try reader.u16())
        let nonce = HandshakeNonce(try reader.u128())
        guard let from, let to else { return nil }
        return Hello(versions: versions, from: from, to: to, nonce: nonce)
    }
}

extension Challenge {
    /// Everything but the proof, which is made over it.
    func encodeClaims(into writer: inout ByteWriter) {
        writer.u8(version)
        writer.identity(from)
        writer.u16(to.rawValue)
        writer.u128(nonce.rawValue)
    }

    static func decode(from reader: inout ByteReader) throws(ByteReaderError) -> Challenge? {
        let version = try reader.u8()
        let from = try reader.identity()
        let to = NodeID(encoded: try reader.u16())
        let nonce = HandshakeNonce(try reader.u128())
        let proof = try reader.raw(count: HandshakeMessage.proofBytes)
        guard let from, let to else { return nil }
        return Challenge(version: version, from: from, to: to, nonce: nonce, proof: proof)
    }
}

extension ByteWriter {
    fileprivate mutating func identity(_ identity: NodeIdentity) {
        u128(identity.cluster.rawValue)
        u8(identity.group.rawValue)
        u16(identity.node.rawValue)
        u64(identity.incarnation.rawValue)
    }
}

extension ByteReader {
    fileprivate mutating func identity() throws(ByteReaderError) -> NodeIdentity? {
        let cluster = ClusterID(try u128())
        let group = GroupID(try u8())
        let node = NodeID(encoded: try u16())
        let incarnation = Incarnation(try u64())
        return node.map {
            NodeIdentity(cluster: cluster, group: group, node: $0, incarnation: incarnation)
        }
    }
}

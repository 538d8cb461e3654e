package import Inventory
package import Primitives

/// The content of one `commands` entry: the leader's stamp, and what it proposed together.
package struct CommandBatch: Hashable, Sendable {
    /// The leader's clock when it made the entry; it never goes back from entry to entry.
    package var stamp: WallTime
    /// What the cluster had agreed to be able to do when the entry was made.
    package var featureLevel: UInt16
    package var commands: [Command]
    package init(
        stamp: WallTime, featureLevel: UInt16 = currentFeatureLevel, commands: [Command]
    ) {
        self.stamp = stamp
        self.featureLevel = featureLevel
        self.commands = commands
    }
}

/// Why an entry's bytes are not a batch.
package enum CommandCodecError: Error, Hashable, Sendable {
    case bytes(ByteReaderError)
    /// A format that this program is too old for.
    case unknownVersion(UInt8)
    /// A command that this program is too old for: the node has to stop, not to skip it.
    case unknownCommand(kind: UInt8)
    /// A value that no field of this kind has.
    case invalidValue(kind: UInt8)
}

extension CommandCodecError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .bytes(let error): "\(error)"
        case .unknownVersion(let version):
            "it has format \(version), which a newer version writes: run that version"
        case .unknownCommand(let kind):
            "its command of kind \(kind) is a newer version's: run that version"
        case .invalidValue(let kind): "its command of kind \(kind) has a value that is none"
        }
    }
}

// As an entry's data, version 1: version (u8), feature level (u16), stamp (i64), then the commands
// up to the end, each as `CommandCodec` writes it.
extension CommandBatch {
    private static let version: UInt8 = 1
    /// What this program can do.
    package static let currentFeatureLevel: UInt16 = 1
    /// Bytes of a batch besides its commands.
    package static let overheadBytesMax = 11

    /// No less than the command's bytes in a batch: what a batcher counts with.
    package static func encodedBytesMax(of command: Command) -> Int {
        CommandCodec.encodedBytesMax(of: command)
    }

    /// The entry's data.
    package func encoded() -> [UInt8] {
        let size = commands.reduce(Self.overheadBytesMax) { $0 + Self.encodedBytesMax(of: $1) }
        var writer = ByteWriter(capacity: size)
        writer.u8(Self.version)
        writer.u16(featureLevel)
        writer.i64(stamp.rawValue)
        for command in commands { CommandCodec.encode(command, to: &writer) }
        return writer.bytes
    }

    package init(decoding bytes: [UInt8]) throws(CommandCodecError) {
        var fields = try CommandFields(batch: bytes, version: Self.version)
        featureLevel = try fields.u16()
        stamp = try fields.time()
        commands = []
        while fields.hasMore { commands.append(try CommandCodec.decode(&fields)) }
    }

    /// The stamp alone; nil when the bytes don't begin as a batch does.
    package static func stamp(of bytes: [UInt8]) -> WallTime? {
        guard var fields = try? CommandFields(batch: bytes, version: version),
            (try? fields.u16()) != nil
        else { return nil }
        return try? fields.time()
    }
}

package import Inventory
package import Primitives

/// The content of one `commands` entry: the leader's stamp, and what it proposed together.
package struct CommandBatch: Hashable, Sendable {
    /// The leader's clock when it made the entry; it never goes back from entry to entry.
    package var stamp: WallTime
    /// What the cluster had agreed to be able to do when the entry was made.
    package var featureLevel: UInt16
    package var commands: [Command]
    package init(stamp: WallTime, featureLevel: UInt16, commands: [Command]) {
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

/// A batch as an entry's data. Version 1: version (u8), feature level (u16), stamp (i64), then the
/// commands up to the end, each as `CommandCodec` writes it.
package enum CommandBatchCodec {
    private static let version: UInt8 = 1
    /// Bytes before the first command.
    package static let headerBytes = 11

    package static func encode(_ batch: CommandBatch) -> [UInt8] {
        let size = batch.commands.reduce(headerBytes) { $0 + CommandCodec.encodedSize($1) }
        var writer = ByteWriter(capacity: size)
        writer.u8(version)
        writer.u16(batch.featureLevel)
        writer.i64(batch.stamp.rawValue)
        for command in batch.commands { CommandCodec.encode(command, to: &writer) }
        return writer.bytes
    }

    package static func decode(_ bytes: [UInt8]) throws(CommandCodecError) -> CommandBatch {
        var fields = CommandFields(ByteReader(bytes))
        let version = try fields.u8()
        guard version == Self.version else { throw .unknownVersion(version) }
        var batch = CommandBatch(
            stamp: .zero, featureLevel: try fields.u16(), commands: [])
        batch.stamp = try fields.time()
        while fields.hasMore { batch.commands.append(try CommandCodec.decode(&fields)) }
        return batch
    }
}

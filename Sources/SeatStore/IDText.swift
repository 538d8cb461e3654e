import Inventory
import Primitives

extension ResourceID {
    var columnText: String {
        "\(Kind.prefix)\(String(group.rawValue, radix: 16)).\(String(shard.rawValue, radix: 16))."
            + String(bits, radix: 16)
    }
    init?(columnText: String) {
        let prefix = "\(Kind.prefix)"
        guard columnText.hasPrefix(prefix) else { return nil }
        let parts = columnText.dropFirst(prefix.count).split(separator: ".")
        guard parts.count == 3, let group = UInt8(parts[0], radix: 16),
            let shard = UInt8(parts[1], radix: 16), let bits = UInt128(parts[2], radix: 16)
        else { return nil }
        self.init(group: GroupID(group), shard: ShardID(shard), bits: bits)
    }
}

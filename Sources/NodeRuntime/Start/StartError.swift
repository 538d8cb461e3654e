package import Inventory
package import Primitives
package import SeatStore
package import SystemIO
package import WriteAheadLog

/// Why a node can't be initialised or started. Each says what to look at.
package enum StartError: Error, Sendable, CustomStringConvertible {
    /// A setting that is wrong by itself, or that this machine or this directory is at odds with.
    case configuration(ConfigurationError)
    case damagedIdentity(file: String)
    case disk(DiskError)
    case log(directory: String, WALError)
    case store(StoreError)
    case inventory(ShardID, InventoryRestoreError)
    /// A committed entry that this version can't read.
    case unreadableEntry(LogIndex, reason: String)
    case system(SystemError)

    package var description: String {
        switch self {
        case .configuration(let error): "\(error)"
        case .damagedIdentity(let file): "\(file) is damaged: set this node up anew"
        case .disk(let error): "\(error)"
        case .log(let directory, let error): "\(directory): \(error)"
        case .store(let error): "\(error)"
        case .inventory(let shard, let error): "shard \(shard.name): \(error)"
        case .unreadableEntry(let index, let reason):
            "log entry \(index.rawValue) can't be read: \(reason)"
        case .system(let error): "\(error)"
        }
    }
}

extension NodeConfiguration {
    /// The error that a setting can't be used, and why; the reason goes on after a colon.
    func unusable(_ key: String, _ value: String, _ reason: String) -> StartError {
        .configuration(
            ConfigurationError(
                file: file, key: key, value: "\"\(value)\"", reason: .unusable(reason)))
    }
}

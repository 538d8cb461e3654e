package import Inventory
package import Primitives
package import SeatStore
package import SystemIO
package import WriteAheadLog

/// Why a node can't be initialised or started. Each says what to look at.
package enum StartError: Error, Sendable, CustomStringConvertible {
    case configuration(ConfigurationError)
    case notInitialised(directory: String)
    case alreadyInitialised(directory: String)
    /// Data without an identity: an initialisation was cut short, or the file was lost.
    case strayData(directory: String)
    case damagedIdentity(file: String)
    /// The directory belongs to another node, cluster or number of shards than is configured.
    case wrongIdentity(file: String, key: String, found: String, configured: String)
    case locked(DirectoryLockError)
    case disk(DiskError)
    case log(WALError)
    case store(StoreError)
    case inventory(ShardID, InventoryRestoreError)
    /// A committed entry that this version can't read.
    case unreadableEntry(LogIndex, reason: String)
    case address(key: String, value: String, reason: String)
    case system(SystemError)

    package var description: String {
        switch self {
        case .configuration(let error): "\(error)"
        case .notInitialised(let directory):
            "\(directory) holds no node: run `holdfast init --config FILE` once"
        case .alreadyInitialised(let directory):
            "\(directory) holds a node already: `holdfast init` never writes over data"
        case .strayData(let directory):
            "\(directory) holds data but no identity file: an initialisation was cut short, or the "
                + "file was lost. If nothing in it is needed, remove the directory and start over"
        case .damagedIdentity(let file): "\(file) is damaged; this node must be set up anew"
        case .wrongIdentity(let file, let key, let found, let configured):
            "\(file): \(key) is \(found), the configuration says \(configured)"
        case .locked(let error): "\(error)"
        case .disk(let error): "\(error.description) (\(SystemError.text(error.errno)))"
        case .log(let error): "\(error)"
        case .store(let error): "\(error)"
        case .inventory(let shard, let error): "shard \(shard.name): \(error)"
        case .unreadableEntry(let index, let reason):
            "log entry \(index.rawValue) can't be read by this version: \(reason)"
        case .address(let key, let value, let reason): "\(key) \(value): \(reason)"
        case .system(let error): "\(error)"
        }
    }
}

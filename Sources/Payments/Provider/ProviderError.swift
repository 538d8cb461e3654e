package import Primitives
package import SystemIO

/// Why the provider can't start or go on.
package enum ProviderError: Error, Hashable, Sendable, CustomStringConvertible {
    case disk(DiskError)
    /// The ledger has a bad line at this offset that is not its last.
    case damaged(String, offset: Int)
    case locked(DirectoryLockError)
    case system(SystemError)
    /// The file holds no secret that may be used.
    case secret(file: String, reason: String)

    package var description: String {
        switch self {
        case .disk(let error): "\(error)"
        case .damaged(let path, let offset):
            "\(path) is damaged at byte \(offset): its charges can't be counted any more"
        case .locked(let error): "\(error)"
        case .system(let error): "\(error)"
        case .secret(let file, let reason): "\(file) \(reason)"
        }
    }
}

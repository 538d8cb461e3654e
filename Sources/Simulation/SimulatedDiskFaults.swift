package import Primitives

/// The numbers of `errno(3)` that a simulated disk answers, as Linux has them.
enum Errno {
    static let noEntry: Int32 = 2
    static let inputOutput: Int32 = 5
    static let exists: Int32 = 17
    static let noSpace: Int32 = 28
}

/// What goes wrong on a simulated disk, planned ahead. Operations that change something or make it
/// durable are counted from 1.
package struct SimulatedFaults: Sendable {
    /// The operation that fails with this number instead of being done.
    package struct Failure: Sendable {
        package var operation: Int
        package var errno: Int32
        package init(operation: Int, errno: Int32) {
            self.operation = operation
            self.errno = errno
        }
    }

    /// The most bytes in all files; a write beyond is cut short and fails with ENOSPC.
    package var capacityBytes: Int?
    package var failures: [Failure] = []
    /// During this operation the power fails: it may be done, in part, or not; all later ones fail.
    package var losesPowerAt: Int?
    package private(set) var operations = 0

    package init() {}

    var isPowerLost: Bool { losesPowerAt.map { operations > $0 } ?? false }
    var losesPowerNow: Bool { operations == losesPowerAt }

    /// Counts an operation and refuses it when the plan says so.
    mutating func step(_ operation: String, _ path: String) throws(DiskError) {
        operations += 1
        if isPowerLost {
            throw DiskError(operation: operation, path: path, errno: Errno.inputOutput)
        }
        for failure in failures where failure.operation == operations {
            throw DiskError(operation: operation, path: path, errno: failure.errno)
        }
    }

    /// Ends an operation during which the power may have failed.
    func finish(_ operation: String, _ path: String) throws(DiskError) {
        if losesPowerNow {
            throw DiskError(operation: operation, path: path, errno: Errno.inputOutput)
        }
    }

    /// Of `growth` bytes, those for which there is space.
    func room(for growth: Int, used: Int) -> Int {
        guard let capacityBytes else { return growth }
        return max(0, min(growth, capacityBytes - used))
    }
}

/// How kind one crash is: the share of unsynced sectors and names that survive it.
struct SimulatedCrash {
    private var random: PRNG
    private let keptOf8: UInt64

    /// Draws the share first, so that some crashes lose everything and some nothing.
    init(random: inout PRNG) {
        let shares: [UInt64] = [0, 1, 4, 7, 8]
        keptOf8 = shares[random.next(in: 0...shares.count - 1)]
        self.random = PRNG(seed: random.next())
    }

    mutating func keeps() -> Bool { random.next(below: 8) < keptOf8 }
}

extension SimulatedDisk {
    /// Power loss and return: of what was not synced a random part survives, in any order; planned
    /// faults are forgotten.
    package mutating func crash(random: inout PRNG) {
        var crash = SimulatedCrash(random: &random)
        for number in files.keys.sorted() { files[number]?.crash(&crash) }
        names.crash(&crash)
        let named = names.files.values.sorted()
        files = files.filter { named.contains($0.key) }
        faults = SimulatedFaults()
    }

    /// Bit rot: flips one bit of what is on the medium, and of what is read.
    package mutating func flip(bit: Int, of path: String) {
        guard let number = names.files[path] else { invariantFailure("no file \(path)") }
        files[number]?.flip(bit: bit)
    }

    /// All bytes of a file; nil when there is none.
    package func contents(of path: String) -> [UInt8]? {
        names.files[path].flatMap { files[$0]?.content }
    }
}

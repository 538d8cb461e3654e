import Synchronization

/// Carries a value that may belong to one thread only from the thread that made it to the one that
/// will own it.
// Proof: the value is put in before the receiving thread exists and taken out once, under the
// mutex; nobody else can reach it.
final class HandOver<Value>: @unchecked Sendable {
    private let slot: Mutex<Bool> = Mutex(true)
    private var value: Value?

    init(_ value: sending Value) { self.value = value }

    /// The value, the first time; then nil.
    func take() -> sending Value? {
        let isFirst = slot.withLock { isFull in
            defer { isFull = false }
            return isFull
        }
        guard isFirst else { return nil }
        let taken = value
        value = nil
        return taken
    }
}

package import NodeCore
package import Primitives

/// What clients asked and were told, with what was committed meanwhile: the raw material of
/// `NodeOracle`.
package struct NodeHistory {
    /// One request and what it was told.
    package struct Call {
        package let request: RequestID
        package let operation: Operation
        /// Everything committed by anybody when the call began. A true answer knows as much.
        package let from: LogIndex
        /// Everything committed by anybody when it ended. A true answer knows no more.
        package fileprivate(set) var through: LogIndex?
        package fileprivate(set) var answer: Answer?
    }

    /// By their start.
    package private(set) var calls: [Call] = []
    private var slots: [RequestID: Int] = [:]

    package init() {}

    mutating func begins(_ request: RequestID, _ operation: Operation, commit: LogIndex) {
        slots[request] = calls.count
        calls.append(Call(request: request, operation: operation, from: commit))
    }

    mutating func ends(_ reply: Reply, commit: LogIndex) {
        guard let slot = slots[reply.id] else { return }
        calls[slot].through = commit
        calls[slot].answer = reply.answer
    }
}

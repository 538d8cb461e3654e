import Inventory
import Primitives
import Raft
import Wire

extension NodeCore {
    /// What every version so far is able to do.
    private static let featureLevel: UInt16 = 1

    mutating func submit(_ request: ClientRequest, _ effects: inout Effects) {
        guard requestsUnderWay < configuration.queueDepthMax else {
            answer(request.id, .unavailable(.overloaded), &effects)
            return
        }
        switch request.operation {
        case .write(let operation):
            submit(operation, from: request.id, &effects)
        case .read(let operation, .linearizable):
            reads.append(.read(request.id, operation))
        case .read(let operation, .local):
            readLocally(operation, for: request.id, &effects)
        case .administer(let operation):
            administer(operation, for: request.id, &effects)
        }
    }

    /// A write that could succeed against applied state is proposed at once. A refusal is not
    /// given on that ground alone: it waits for a read index, because a deposed leader may not say
    /// no from what it remembers (DESIGN: refusals are linearizable).
    private mutating func submit(
        _ operation: WriteOperation, from request: RequestID, _ effects: inout Effects
    ) {
        guard isLeading else {
            answer(request, notLeading, &effects)
            return
        }
        guard writeBehind.backlogRows <= configuration.writeBehindRowsMax else {
            answer(request, .unavailable(.overloaded), &effects)
            return
        }
        switch plan(operation) {
        case .propose(let commands):
            enqueue(commands, waiter(for: operation, request))
        case .refuse:
            reads.append(.judge(request, operation))
        }
    }

    /// Leadership was confirmed after the request arrived: what applied state says now, holds.
    mutating func judge(
        _ operation: WriteOperation, from request: RequestID, _ effects: inout Effects
    ) {
        guard isLeading else {
            answer(request, notLeading, &effects)
            return
        }
        switch plan(operation) {
        case .propose(let commands):
            enqueue(commands, waiter(for: operation, request))
        case .refuse(.outcome(let outcome)):
            deliver(outcome, to: waiter(for: operation, request), &effects)
        case .refuse(let refusal):
            answer(request, refusal, &effects)
        }
    }

    private func waiter(for operation: WriteOperation, _ request: RequestID) -> Waiter {
        if case .webhook = operation { return .provider(request) }
        return .client(request)
    }

    /// What a node that doesn't lead says to a write.
    var notLeading: Answer {
        guard let leader = raft.leader, leader != configuration.raft.id else {
            return .unavailable(.noLeader)
        }
        return .notLeader(LeaderHint(leader: leader, term: raft.term))
    }

    mutating func enqueue(_ command: Command, _ waiter: Waiter) {
        proposals.append(
            QueuedCommand(
                command: command, waiter: waiter,
                encodedBytes: CommandCodec.encodedSize(command)))
    }

    /// Only the last of several commands answers the client.
    private mutating func enqueue(_ commands: [Command], _ waiter: Waiter) {
        for command in commands.dropLast() { enqueue(command, .nobody) }
        if let last = commands.last { enqueue(last, waiter) }
    }

    /// Makes entries of what gathered. While enough entries are under way the rest keeps
    /// gathering: that is all the batching there is, and it needs no timer.
    mutating func propose() {
        guard let clock = logClock else { return }
        while !proposals.isEmpty, proposals.entriesInFlight < configuration.proposalsInFlightMax {
            let batch = proposals.nextBatch(
                bytesMax: Entry.dataBytesMax - CommandBatchCodec.headerBytes)
            let data = CommandBatchCodec.encode(
                CommandBatch(
                    stamp: clock.stamp(at: now.monotonic), featureLevel: Self.featureLevel,
                    commands: batch.map(\.command)))
            do {
                let position = try raft.propose(data, effects: &raftEffects)
                proposals.proposed(at: position, count: batch.count)
            } catch {
                // Full or handing over: what gathered stays for a later turn. If leadership is
                // lost instead, `noteRole` answers for all of it.
                return
            }
        }
    }

    private mutating func transferLeadership(to target: NodeID?) -> Answer {
        let best = raft.peers.filter { $0.health == .healthy }.max { $0.match < $1.match }
        guard let successor = target ?? best?.id else { return .unavailable(.noLeader) }
        do throws(TransferRefusal) {
            try raft.transferLeadership(to: successor, effects: &raftEffects)
            return .outcome(.done)
        } catch {
            return .transferRefused(error)
        }
    }

    private mutating func administer(
        _ operation: AdministrativeOperation, for request: RequestID, _ effects: inout Effects
    ) {
        switch operation {
        case .status:
            answer(request, .status(status), &effects)
        case .flush:
            writeBehind.flushes.append(request)
        case .transferLeadership(let target):
            guard isLeading else {
                answer(request, notLeading, &effects)
                return
            }
            answer(request, transferLeadership(to: target), &effects)
        }
    }
}

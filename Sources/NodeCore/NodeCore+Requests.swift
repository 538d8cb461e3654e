import Inventory
import Primitives
import Raft
import Wire

extension NodeCore {
    /// What is answered at once, and what operators want, is taken however long the queue is.
    mutating func submit(_ request: ClientRequest, _ effects: inout Effects) {
        let isFull = requestsUnderWay >= configuration.queueDepthMax
        switch request.operation {
        case .write where isFull, .read(_, .linearizable) where isFull:
            answer(request.id, .unavailable(.overloaded), &effects)
        case .write(let operation):
            submit(operation, from: request.id, &effects)
        case .read(let operation, .linearizable) where Mutant.readNotConfirmed.isPlanted:
            readLocally(operation, for: request.id, &effects)
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
    /// no from what it remembers.
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
        case .propose(let command):
            enqueue(command, waiter(for: operation, request), &effects)
        case .importVenue(let commands):
            importVenue(commands, for: request, &effects)
        case .refuse where Mutant.refusalNotConfirmed.isPlanted:
            judge(operation, from: request, &effects)
        case .refuse, .keep:
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
        case .propose(let command), .keep(let command):
            enqueue(command, waiter(for: operation, request), &effects)
        case .importVenue(let commands):
            importVenue(commands, for: request, &effects)
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

    /// A command of this node's own; in no other role there is anything to say.
    mutating func enqueue(_ command: Command, _ effects: inout Effects) {
        if isLeading { enqueue(command, .nobody, &effects) }
    }

    private mutating func enqueue(
        _ command: Command, _ waiter: Waiter, _ effects: inout Effects
    ) {
        let bytes = CommandBatch.encodedBytesMax(of: command)
        guard bytes <= Self.batchBytesMax else {
            // No entry could carry it, however long the client waits.
            return tell(waiter, .unavailable(.overloaded), &effects)
        }
        proposals.append(command, waiter, bytes: bytes)
    }

    /// Parts are cut to fit entries. Only the last command, which seals them, answers the client.
    private mutating func importVenue(
        _ commands: [Command], for request: RequestID, _ effects: inout Effects
    ) {
        for command in commands.dropLast() { enqueue(command, .nobody, &effects) }
        if let seal = commands.last { enqueue(seal, .client(request), &effects) }
    }

    /// Commands' bytes in one entry.
    private static let batchBytesMax = Entry.dataBytesMax - CommandBatch.overheadBytesMax

    /// Makes entries of what gathered. While enough entries are under way the rest keeps
    /// gathering: that is all the batching there is, and it needs no timer.
    mutating func propose() {
        guard let clock = logClock else { return }
        let stamp = clock.stamp(at: now.monotonic)
        while !proposals.isEmpty, proposals.entriesInFlight < configuration.proposalsInFlightMax {
            let batch = CommandBatch(
                stamp: stamp, commands: proposals.nextBatch(bytesMax: Self.batchBytesMax))
            let count = batch.commands.count
            do {
                let position = try raft.propose(batch.encoded(), effects: &raftEffects)
                _ = consume batch
                proposals.proposed(at: position, count: count)
            } catch {
                // Full or handing over: what gathered stays for a later turn. If leadership is
                // lost instead, `noteRole` answers for all of it.
                return
            }
        }
    }

    private mutating func transferLeadership(to target: NodeID?) -> Answer {
        let best = raft.peers.filter { $0.health == .healthy && raft.membership.isVoter($0.id) }
            .max { $0.match < $1.match }
        do throws(TransferRefusal) {
            guard let successor = target ?? best?.id else { throw .unfitTarget }
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
            writeBehind.flush(request)
        case .transferLeadership(let target):
            guard isLeading else {
                answer(request, notLeading, &effects)
                return
            }
            answer(request, transferLeadership(to: target), &effects)
        }
    }
}

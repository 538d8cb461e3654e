import Inventory
package import NodeCore
package import Primitives
import Raft
import Wire

// What a host does: it feeds a core its inputs and carries out what it asks for.
extension NodeCluster {
    mutating func happen(_ happening: NodeHappening) {
        switch happening {
        case .tick(let slot, let life):
            guard isUp(slot, life, happening) else { return }
            schedule(happening, after: timings.turnNanoseconds)
            handle(.turn, slot)
        case .turn(let slot, let life):
            guard isUp(slot, life, happening) else { return }
            machines[slot].hasTurnScheduled = false
            handle(.turn, slot)
        case .delivery(let envelope):
            let slot = slot(envelope.to)
            guard isUp(slot, machines[slot].life, happening) else { return }
            feed(input(of: envelope), slot)
        case .requested(let slot, let life, let request):
            guard isUp(slot, life, happening) else { return }
            feed(.request(request), slot)
        case .synced(let slot, let life):
            guard isUp(slot, life, happening), let report = machines[slot].disk.sync(1) else {
                return
            }
            feed(.durable(report), slot)
        case .fetched(let slot, let life, let fetch):
            guard isUp(slot, life, happening) else { return }
            feed(.fetched(fetch, entries: machines[slot].disk.read(fetch)), slot)
        case .stored(let slot, let life, let flushes):
            guard isUp(slot, life, happening) else { return }
            if machines[slot].isStoreStalled { return schedule(happening, after: 10_000_000) }
            machines[slot].store.write()
            for flush in flushes { feed(.flushed(flush), slot) }
            feed(.writeBehindBacklog(rows: machines[slot].store.queuedRows), slot)
        case .called(let slot, let life, let call):
            reachProvider(slot, life, call)
        case .answered(let slot, let life, let call, let result):
            guard isUp(slot, life, happening) else { return }
            machines[slot].callsUnderWay -= 1
            feed(.provider(call, result), slot)
        }
    }

    /// A paused node misses what happens and sees it when it goes on.
    private mutating func isUp(_ slot: Int, _ life: Int, _ happening: NodeHappening) -> Bool {
        guard machines[slot].core != nil, machines[slot].life == life else { return false }
        guard machines[slot].isPaused else { return true }
        machines[slot].missed.append(happening)
        return false
    }

    private func input(of envelope: NodeEnvelope) -> Input {
        switch envelope.content {
        case .message(let message):
            return .message(message, from: envelope.from, clock: envelope.clock)
        case .gossip(let gossip):
            return .gossip(gossip, from: envelope.from, clock: envelope.clock)
        case .frame(let bytes):
            return NodeFrames.input(of: bytes, from: envelope.from)
        }
    }

    /// An input, and the turn that follows a batch of them.
    private mutating func feed(_ input: Input, _ slot: Int) {
        handle(input, slot)
        scheduleTurn(slot, after: 0)
    }

    private mutating func scheduleTurn(_ slot: Int, after nanoseconds: UInt64) {
        guard !machines[slot].hasTurnScheduled, machines[slot].core != nil else { return }
        machines[slot].hasTurnScheduled = true
        schedule(.turn(slot: slot, life: machines[slot].life), after: nanoseconds)
    }

    /// Hands a node that is up an input.
    package mutating func handle(_ input: Input, at id: NodeID) {
        guard machines[slot(id)].core != nil else { return }
        feed(input, slot(id))
    }

    private mutating func handle(_ input: Input, _ slot: Int) {
        let machine = machines[slot]
        machine.core?.handle(input, at: instant(slot), effects: &machine.effects)
        carryOut(machine.effects, slot)
        let (halt, replied) = (machine.effects.halt, machine.effects.replies)
        machine.effects.removeAll()
        safety.check(machine, among: machines)
        for reply in replied { history.ends(reply, commit: safety.commitIndex) }
        if let halt { end(slot, halt) }
        if machine.core?.hasWorkLeft == true { scheduleTurn(slot, after: 10_000) }
    }

    private mutating func end(_ slot: Int, _ reason: HaltReason) {
        machines[slot].halted = reason
        crash(machines[slot].id)
    }

    private mutating func carryOut(_ effects: Effects, _ slot: Int) {
        let life = machines[slot].life
        for write in effects.writes {
            machines[slot].disk.enqueue(write)
            guard machines[slot].logSyncing == .delayed else { continue }
            scheduleSync(slot)
        }
        for fetch in effects.fetches {
            let delay = draw(timings.logSyncMicroseconds)
            schedule(.fetched(slot: slot, life: life, fetch), after: delay)
        }
        send(effects, slot)
        for delta in effects.deltas {
            safety.checkHandOver(delta, machines[slot])
            machines[slot].store.take(delta)
            machines[slot].transactions += 1
        }
        if !effects.deltas.isEmpty || !effects.flushMarks.isEmpty {
            let start = max(time, machines[slot].storeBusyUntil)
            let end = start + draw(timings.storeMicroseconds)
            machines[slot].storeBusyUntil = end
            schedule(
                .stored(slot: slot, life: life, flushes: effects.flushMarks), after: end - time)
        }
        for call in effects.providerCalls {
            machines[slot].callsUnderWay += 1
            schedule(
                .called(slot: slot, life: life, call), after: draw(timings.providerMicroseconds))
        }
        for reply in effects.replies {
            invariant(replies[reply.id] == nil, "\(reply.id) is answered twice")
            replies[reply.id] = reply
            machines[slot].unanswered.remove(reply.id)
        }
        machines[slot].events += effects.events
    }

    /// One more write will be safe: writes finish in order.
    mutating func scheduleSync(_ slot: Int) {
        let start = max(time, machines[slot].logBusyUntil)
        let end = start + draw(timings.logSyncMicroseconds)
        machines[slot].logBusyUntil = end
        schedule(.synced(slot: slot, life: machines[slot].life), after: end - time)
    }

    private mutating func send(_ effects: Effects, _ slot: Int) {
        let (from, clock) = (machines[slot].id, instant(slot).wall)
        for outbound in effects.messages {
            safety.checkSending(outbound, machines[slot])
            send(.message(outbound.message), from, to: outbound.to, clock)
        }
        guard let gossip = effects.gossip else { return }
        for machine in machines where machine.id != from {
            send(.gossip(gossip), from, to: machine.id, clock)
        }
    }

    private mutating func send(
        _ content: NodeEnvelope.Content, _ from: NodeID, to: NodeID, _ clock: WallTime
    ) {
        guard !cutLinks.contains(Link(from: from, to: to)), !happens(permille: timings.lostPermille)
        else { return }
        let content = messageForm == .values ? content : NodeFrames.frame(content, clock)
        let envelope = NodeEnvelope(from: from, to: to, content: content, clock: clock)
        schedule(.delivery(envelope), after: draw(timings.linkMicroseconds))
        guard happens(permille: timings.repeatedPermille) else { return }
        schedule(.delivery(envelope), after: draw(timings.linkMicroseconds))
    }

    private mutating func reachProvider(_ slot: Int, _ life: Int, _ call: ProviderCall) {
        let timeout = UInt64(timings.providerTimeout.rawValue) * 1_000_000
        let silence = NodeHappening.answered(
            slot: slot, life: life, call.id, .unknown(reason: "no answer"))
        guard !provider.isDown, !happens(permille: timings.callsLostPermille) else {
            return schedule(silence, after: timeout)
        }
        let result = provider.perform(call, at: time)
        guard !happens(permille: timings.answersLostPermille) else {
            return schedule(silence, after: timeout)
        }
        schedule(
            .answered(slot: slot, life: life, call.id, result),
            after: draw(timings.providerMicroseconds))
    }
}

extension RaftDisk {
    /// What is on disk from the fetch's place on, as much as it wants.
    func read(_ fetch: LogFetch) -> [Entry] {
        var bytes = 0
        let wanted = entries.dropFirst(Int(fetch.from.rawValue) - 1).prefix { entry in
            bytes += entry.bytes
            return bytes <= fetch.bytesMax || entry.index == fetch.from
        }
        return Array(wanted)
    }
}

import Inventory
import NodeCore
package import Primitives
import Raft

// What a test does to the machines and between them.
extension NodeCluster {
    /// Starts a node on what its disk and files hold.
    package mutating func start(_ id: NodeID, tailEntriesMax: Int = .max) {
        let slot = slot(id)
        invariant(machines[slot].core == nil, "node \(id) is up")
        machines[slot].life += 1
        var inventory = Inventory(shardCount: shardCount, replayWindow: Self.replayWindow)
        for file in machines[slot].store.files.reversed() {
            do { try inventory.restore(file.image()) } catch { invariantFailure("\(error)") }
        }
        let disk = machines[slot].disk
        let committed = inventory.largestAppliedIndex
        invariant(
            disk.entries.count >= committed.rawValue,
            "a file of node \(id) is at \(committed), its log ends at \(disk.entries.count)")
        while inventory.smallestAppliedIndex < committed {
            let next = disk.entries[Int(inventory.smallestAppliedIndex.rawValue)]
            do { try inventory.replay(next) } catch { invariantFailure("\(error)") }
        }
        let unapplied = disk.entries.count - Int(committed.rawValue)
        let log = disk.restored(
            committed: committed, tailEntriesMax: max(tailEntriesMax, unapplied))
        machines[slot].core = NodeCore(
            machines[slot].configuration, inventory: inventory, log: log,
            random: PRNG(seed: random.next()), at: instant(slot))
        safety.started(id)
        schedule(
            .tick(slot: slot, life: machines[slot].life),
            after: random.next(below: timings.turnNanoseconds))
    }

    /// Ends a process at once (`kill -9`): unsynced writes survive as far as the draw has it.
    package mutating func crash(_ id: NodeID) {
        let slot = slot(id)
        machines[slot].core = nil
        machines[slot].disk.crash(
            surviving: random.next(in: 0...machines[slot].disk.pending.count))
        machines[slot].store.crash(&random)
        machines[slot].effects.removeAll()
        machines[slot].missed = []
        machines[slot].isPaused = false
        machines[slot].hasTurnScheduled = false
        machines[slot].callsUnderWay = 0
        machines[slot].unanswered = []
        (machines[slot].logBusyUntil, machines[slot].storeBusyUntil) = (0, 0)
    }

    /// SIGSTOP: the process does nothing, its clocks go on, what is sent to it waits.
    package mutating func pause(_ id: NodeID) { machines[slot(id)].isPaused = true }

    /// Lets a paused node go on.
    package mutating func resume(_ id: NodeID) {
        let slot = slot(id)
        machines[slot].isPaused = false
        let missed = machines[slot].missed
        machines[slot].missed = []
        for happening in missed { schedule(happening, after: 0) }
    }

    /// Nothing that one node sends another arrives from now on.
    package mutating func cut(from: NodeID, to: NodeID) {
        cutLinks.insert(Link(from: from, to: to))
    }

    /// Cuts a node off from all others, both ways.
    package mutating func isolate(_ id: NodeID) {
        for other in ids where other != id {
            cut(from: id, to: other)
            cut(from: other, to: id)
        }
    }

    /// Every link carries everything again.
    package mutating func healNetwork() { cutLinks = [] }

    /// Finishes the oldest `count` writes of a node whose log is synced by hand.
    package mutating func sync(_ id: NodeID, writes count: Int = .max) {
        let slot = slot(id)
        guard machines[slot].core != nil, let report = machines[slot].disk.sync(count) else {
            return
        }
        handle(.durable(report), at: id)
    }

    /// From here on the node's writes become safe by themselves.
    package mutating func syncByItself(_ id: NodeID) {
        let slot = slot(id)
        machines[slot].logSyncing = .delayed
        for _ in machines[slot].disk.pending { scheduleSync(slot) }
    }

    /// Makes safe what every shard's file has been written.
    package mutating func checkpoint(_ id: NodeID) { machines[slot(id)].store.checkpointAll() }

    /// Makes one shard's file safe and leaves the others.
    package mutating func checkpoint(_ id: NodeID, shardAt place: Int) {
        machines[slot(id)].store.checkpoint(place)
    }
}

import Inventory
import Primitives
import Testing

@Test func anIdHasOneTextWhichGivesItBack() {
    var random = PRNG(seed: 4)
    for _ in 0..<200 {
        let id = HoldID(
            group: GroupID(UInt8(truncatingIfNeeded: random.next())),
            shard: ShardID(UInt8(truncatingIfNeeded: random.next())),
            bits: UInt128(random.next()) << 64 | UInt128(random.next()))
        #expect(id.text.hasPrefix("hold_"))
        #expect(id.text.utf8.count == 5 + 29)
        #expect(HoldID(id.text) == id)
        #expect(EventID(id.text) == nil)
        var bytes: [UInt8] = [1]
        id.append(to: &bytes)
        #expect(bytes == [1] + Array(id.text.utf8))
        #expect(
            Base32.decode(id.text.utf8.dropFirst(5))?.prefix(2) == [
                id.group.rawValue, id.shard.rawValue,
            ])
    }
    #expect(
        VenueID(shard: .system, bits: 0).text == "ven_03zg" + String(repeating: "0", count: 25))
}

@Test func anyOtherTextIsNoId() {
    let text = EventID(shard: ShardID(3), bits: .max).text
    #expect(EventID(text) != nil)
    #expect(EventID(text.uppercased()) == nil)
    #expect(EventID(text + "0") == nil)
    #expect(EventID(String(text.dropLast())) == nil)
    #expect(EventID("") == nil)
    #expect(EventID("evt_") == nil)
    #expect(EventID(String(text.dropLast()) + "1") == nil)
    #expect(EventID("evt_" + String(repeating: "u", count: 29)) == nil)
}

@Test func idsAreOrderedAsTheirTexts() {
    var random = PRNG(seed: 5)
    let ids = (0..<100).map { _ in
        EventID(
            group: GroupID(UInt8(random.next(below: 2))),
            shard: ShardID(UInt8(random.next(below: 4))), bits: UInt128(random.next(below: 9)))
    }
    #expect(ids.sorted().map(\.text) == ids.map(\.text).sorted())
}

@Test func aDerivedIdDependsOnOwnerAndKeyAlone() {
    let event = EventID.derived(owner: "o", key: "k", shardCount: 8)
    #expect(event == EventID.derived(owner: "o", key: "k", shardCount: 8))
    #expect(event.bits == EventID.derived(owner: "o", key: "k", shardCount: 3).bits)
    #expect(event.bits != EventID.derived(owner: "ok", key: "", shardCount: 8).bits)
    #expect(event.bits != VenueID.derived(owner: "o", key: "k").bits)
    #expect(VenueID.derived(owner: "o", key: "k").shard == .system)
    // Pinned: the same in every version, or a retry after an upgrade makes a second event.
    #expect(event.text == "evt_001c6vg9426j4v82mknxxvac521kr")
}

@Test func derivedEventsSpreadOverTheShards() {
    var counts = [Int](repeating: 0, count: 8)
    for key in 0..<800 {
        counts[
            Int(EventID.derived(owner: "o", key: "\(key)", shardCount: 8).shard.rawValue)
        ] += 1
    }
    #expect(counts.allSatisfy { 60...140 ~= $0 })
}

import Inventory
import Primitives
import SeatStore
import Testing

/// Event 1 with ten seats, of which seat 4 is held by hold 7 at version 3.
private func prepared(_ directory: TemporaryDirectory) throws -> ShardStore {
    let store = try openShard(directory)
    try store.write([
        delta(1) {
            $0.events = [event(1, seats: 10)]
            $0.holds = [hold(7, seats: [4])]
            $0.seats = [
                change(4, .initial, SeatImage(.blocked, 1)),
                change(4, SeatImage(.blocked, 1), SeatImage(.available, 2)),
                change(4, SeatImage(.available, 2), SeatImage(.held, 3, hold: 7)),
            ]
        }
    ])
    return store
}

private let seat4 = SeatAddress(eventNumber: 1, seat: SeatIndex(4))

@Suite struct ASeatsCompareAndSet {
    @Test func movesAChainInOneStep() throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        #expect(try store.load().seats[0].images[4] == SeatImage(.held, 3, hold: 7))
    }

    @Test(arguments: [
        SeatImage(.available, 3, hold: 7), SeatImage(.held, 2, hold: 7),
        SeatImage(.held, 4, hold: 7),
        SeatImage(.held, 3, hold: 8), SeatImage(.held, 3),
    ])
    func noticesADifferenceInEachField(_ imagined: SeatImage) throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        let after = SeatImage(.available, imagined.version + 1)
        let error = thrown { () throws(StoreError) in
            try store.write([
                delta(2) {
                    $0.events = [event(1, seats: 10, revision: 9)]
                    $0.seats = [
                        change(0, .initial, SeatImage(.blocked, 1)), change(4, imagined, after),
                    ]
                }
            ])
        }
        guard case .disagreement(let report) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(
            report.fact
                == .seat(seat4, expected: imagined, found: SeatImage(.held, 3, hold: 7)))
        #expect(report.event == event(1, seats: 10).content.event)
        #expect(report.indexes == LogIndex(2)...LogIndex(2))
        #expect(report.shard == sampleShard)
        // Nothing of the batch was written.
        let image = try store.load()
        #expect(image.appliedIndex == LogIndex(1))
        #expect(image.events[0].revision == Revision(1))
        #expect(image.seats[0].images[0] == .initial)
        // The store itself is still in order.
        try store.write([delta(2) { $0.seats = [change(0, .initial, SeatImage(.blocked, 1))] }])
        #expect(try store.load().seats[0].images[0] == SeatImage(.blocked, 1))
    }

    @Test func noticesAFreedSeatThatTheRowsStillClaim() throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        let fact = disagreement { () throws(StoreError) in
            try store.write([
                delta(2) {
                    $0.seats = [change(5, SeatImage(.held, 0, hold: 9), SeatImage(.available, 1))]
                }
            ])
        }
        let seat5 = SeatAddress(eventNumber: 1, seat: SeatIndex(5))
        #expect(fact == .seat(seat5, expected: SeatImage(.held, 0, hold: 9), found: .initial))
    }

    @Test(arguments: [(UInt32(1), UInt32(10)), (2, 0)])
    func noticesASeatWithoutARow(_ eventNumber: UInt32, _ seat: UInt32) throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        let fact = disagreement { () throws(StoreError) in
            try store.write([
                delta(2) {
                    $0.seats = [
                        change(seat, event: eventNumber, .initial, SeatImage(.blocked, 1))
                    ]
                }
            ])
        }
        let address = SeatAddress(eventNumber: eventNumber, seat: SeatIndex(seat))
        #expect(fact == .seat(address, expected: .initial, found: nil))
    }

    @Test func saysWhatAnOperatorNeeds() throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        let error = thrown { () throws(StoreError) in
            try store.write([
                delta(5) { $0.seats = [change(4, .initial, SeatImage(.held, 1, hold: 8))] },
                delta(6),
            ])
        }
        let id = event(1, seats: 10).content.event.text
        #expect(
            error?.description
                == "shard 03, entries 5...6: event \(id) seat 4 of event number 1: memory has "
                + "available version 0 hold 0, the row has held version 3 hold 7")
    }
}

@Suite struct AChainOfChanges {
    @Test func mayRunThroughSeveralDeltas() throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        try store.write([
            delta(2) {
                $0.seats = [change(4, SeatImage(.held, 3, hold: 7), SeatImage(.available, 4))]
            },
            delta(3) {
                $0.holds = [hold(8, seats: [4])]
                $0.seats = [change(4, SeatImage(.available, 4), SeatImage(.held, 5, hold: 8))]
            },
        ])
        let image = try store.load()
        #expect(image.seats[0].images[4] == SeatImage(.held, 5, hold: 8))
        #expect(image.appliedIndex == LogIndex(3))
    }

    @Test(arguments: [
        SeatImage(.held, 4), SeatImage(.available, 5), SeatImage(.available, 4, hold: 1),
    ])
    func withAGapIsADisagreementEvenWhenTheRowsAgree(_ jump: SeatImage) throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        let fact = disagreement { () throws(StoreError) in
            try store.write([
                delta(2) {
                    $0.seats = [
                        change(4, SeatImage(.held, 3, hold: 7), SeatImage(.available, 4)),
                        change(1, .initial, SeatImage(.blocked, 1)),
                    ]
                },
                delta(3) {
                    $0.seats = [
                        change(4, jump, SeatImage(.held, jump.version + 1, hold: 9))
                    ]
                },
            ])
        }
        #expect(fact == .brokenChain(seat4, expected: SeatImage(.available, 4), found: jump))
        #expect(try store.load().seats[0].images[1] == .initial)
    }

    @Test(arguments: [UInt32(3), 5])
    func risesByOneVersionAChange(_ version: UInt32) throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        let fact = disagreement { () throws(StoreError) in
            try store.write([
                delta(2) {
                    $0.seats = [
                        change(4, SeatImage(.held, 3, hold: 7), SeatImage(.available, version))
                    ]
                }
            ])
        }
        #expect(fact == .versionStep(seat4, from: 3, to: version))
    }
}

@Suite struct ANewEvent {
    @Test func bringsAStadiumOfSeatsAndTakesHoldsInTheSameBatch() throws {
        let directory = try TemporaryDirectory()
        let store = try openShard(directory)
        try store.write([
            delta(1) { $0.events = [event(1, seats: 82_500), event(2, seats: 1)] },
            delta(2) {
                $0.holds = [hold(1, seats: [82_499])]
                $0.seats = [change(82_499, .initial, SeatImage(.held, 1, hold: 1))]
                $0.events = [event(1, seats: 82_500, revision: 2)]
            },
        ])
        let image = try store.load()
        #expect(image.events == [event(1, seats: 82_500, revision: 2), event(2, seats: 1)])
        #expect(image.seats.map(\.images.count) == [82_500, 1])
        #expect(image.seats[0].images[82_498] == .initial)
        #expect(image.seats[0].images[82_499] == SeatImage(.held, 1, hold: 1))
    }

    @Test func mayHaveNoSeats() throws {
        let directory = try TemporaryDirectory()
        let store = try openShard(directory)
        try store.write([delta(1) { $0.events = [event(1, seats: 0)] }])
        #expect(try store.load().seats.map(\.images) == [[]])
    }

    @Test func cannotTakeAnothersNumber() throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        var other = event(1, seats: 10)
        other.content.event = EventID(shard: sampleShard, bits: 99)
        let fact = disagreement { () throws(StoreError) in
            try store.write([delta(2) { $0.events = [other] }])
        }
        guard case .constraint(let error) = fact else {
            Issue.record("\(String(describing: fact))")
            return
        }
        #expect(error.message.contains("events.event_no"))
    }
}

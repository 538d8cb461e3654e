import Testing

@testable import HTTPServer
@testable import Payments

/// Who waits for which payment, and how many may.
struct WaitingConfirmsTests {
    private func place(_ turn: UInt64) -> ResponsePlace {
        ResponsePlace(connection: ConnectionID(slot: 1, generation: 1), turn: turn)
    }

    @Test func thoseWhoWaitForAPaymentAreTakenTogetherInOrder() {
        var waiting = WaitingConfirms(countMax: 9)
        waiting.add(place(1), for: "pi_1")
        waiting.add(place(2), for: "pi_2")
        waiting.add(place(3), for: "pi_1")
        #expect(waiting.take("pi_1") == [place(1), place(3)])
        #expect(waiting.take("pi_1").isEmpty)
        #expect(waiting.take("pi_2") == [place(2)])
    }

    @Test func theLimitIsOfAllTogetherAndTakingMakesRoom() {
        var waiting = WaitingConfirms(countMax: 2)
        waiting.add(place(1), for: "pi_1")
        #expect(!waiting.isFull)
        waiting.add(place(2), for: "pi_2")
        #expect(waiting.isFull)
        _ = waiting.take("pi_1")
        #expect(!waiting.isFull)
        #expect(waiting.takeAll().map(\.payment) == ["pi_2"])
        #expect(waiting.takeAll().isEmpty)
    }
}

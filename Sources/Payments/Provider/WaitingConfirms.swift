import Primitives
import HTTPServer

/// Confirms of late payments whose answers come when these are settled. Bounded: a client may give
/// up and come again for as long as a payment is under way.
struct WaitingConfirms {
    private var places: [String: [ResponsePlace]] = [:]
    private var count = 0
    private let countMax: Int

    init(countMax: Int) { self.countMax = countMax }

    var isFull: Bool { count >= countMax }

    mutating func add(_ place: ResponsePlace, for payment: String) {
        invariant(!isFull, "INV-62: \(count) confirms wait, at most \(countMax) may")
        places[payment, default: []].append(place)
        count += 1
    }

    /// All that wait for the payment, in the order of arrival.
    mutating func take(_ payment: String) -> [ResponsePlace] {
        let taken = places.removeValue(forKey: payment) ?? []
        count -= taken.count
        return taken
    }

    /// All that wait.
    mutating func takeAll() -> [(payment: String, places: [ResponsePlace])] {
        defer { self = WaitingConfirms(countMax: countMax) }
        return places.map { ($0.key, $0.value) }
    }
}

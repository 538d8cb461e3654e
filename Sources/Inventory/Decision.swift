import Primitives

/// What the rules say of a command at a moment: an answer that changes nothing, or what to do.
/// Judging looks at the answer only; applying does what is to be done. One decision serves both,
/// so a request is never judged by other rules than it is applied by.
enum Decision<Plan> {
    case answer(Outcome)
    case perform(Plan)

    static func refuse(_ refusal: Refusal) -> Decision { .answer(.refused(refusal)) }

    /// Nil when there is something to do.
    var answer: Outcome? {
        switch self {
        case .answer(let outcome): outcome
        case .perform: nil
        }
    }
}

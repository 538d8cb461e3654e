import Inventory
import NodeCore
import Primitives
import Simulation

// What buyers, organizers, operators and the provider ask for.
extension NodeWorld {
    /// `[send] VERB … [at=NODE]`: at the leader by default; `send` doesn't wait for the answer.
    mutating func send(
        _ command: inout ScriptCommand, _ verb: String, waiting: Bool
    ) throws {
        lastNumber += 1
        let number = lastNumber
        let target = try command.setting("at").map { try ScriptCommand.node($0, cluster.ids) }
        guard let node = target ?? cluster.leader else { throw ScriptError("nobody leads") }
        let operation = try operation(verb, number, &command)
        if !waiting { watch.lines.append(Trace.line("r\(number)", "is sent", "to \(node)")) }
        let request = cluster.submit(operation, to: node)
        watch.expect(number, request)
        guard waiting else { return }
        if !run(atMost: Self.answerWait, until: { $0.replies[request] != nil }) {
            watch.lines.append(Trace.line("r\(number)", "is not answered"))
        }
    }

    private mutating func operation(
        _ verb: String, _ number: Int, _ command: inout ScriptCommand
    ) throws -> Operation {
        switch verb {
        case "hold": .write(try hold(number, &command))
        case "commit": .write(try commit(number, &command))
        case "release": .write(.releaseHold(try holdID(&command)))
        case "extend": .write(try extend(&command))
        case "cancel": .write(try cancel(number, &command))
        case "webhook": .write(try webhook(number, &command))
        case "read":
            .read(.hold(try holdID(&command)), command.takes("local") ? .local : .linearizable)
        case "order": .read(.order(try orderID(&command)), .linearizable)
        case "transfer":
            .administer(.transferLeadership(to: try command.node(cluster.ids)))
        default: throw ScriptError("no command `\(verb)`")
        }
    }

    private func holdID(_ command: inout ScriptCommand) throws -> HoldID {
        sale.holdID(try command.number("a hold's number"))
    }

    private func orderID(_ command: inout ScriptCommand) throws -> OrderID {
        sale.orderID(try command.number("an order's number"))
    }

    /// `hold KEY SEAT… [ttl=SECONDS] [user=NAME]`
    private func hold(_ number: Int, _ command: inout ScriptCommand) throws -> WriteOperation {
        let key = try command.word("a key")
        let ttl = try command.number(setting: "ttl")
        let user = command.setting("user") ?? "u"
        let seats = try command.restOfWords().map { name in
            guard let seat = (0..<NodeSale.seatCount).first(where: { NodeSale.seat($0) == name })
            else { throw ScriptError("no seat `\(name)`") }
            return seat
        }
        return sale.hold(
            seats, user: user, key: key, ttlSeconds: ttl.map { UInt32($0) }, number: number)
    }

    /// `commit HOLD KEY [token=TOKEN]`
    private func commit(_ number: Int, _ command: inout ScriptCommand) throws -> WriteOperation {
        let hold = try holdID(&command)
        let key = try command.word("a key")
        let token = command.setting("token") ?? "tok_visa"
        return sale.commit(hold, key: key, token: token, number: number)
    }

    /// `extend HOLD SECONDS`
    private func extend(_ command: inout ScriptCommand) throws -> WriteOperation {
        let (hold, seconds) = (try holdID(&command), try command.number("seconds"))
        return .amendHold(
            HoldAmendment(
                hold: hold, extendSeconds: UInt32(seconds), releaseSeats: [], key: nil))
    }

    private func cancel(_ number: Int, _ command: inout ScriptCommand) throws -> WriteOperation {
        .cancelOrder(try orderID(&command), refundBits: NodeSale.bits(number))
    }

    /// `webhook PAYMENT`: what the provider has to say of it now.
    private mutating func webhook(
        _ number: Int, _ command: inout ScriptCommand
    ) throws -> WriteOperation {
        let payment = try command.number("a payment's number")
        let id = sale.attemptID(payment)
        guard let intent = cluster.provider.intent(of: id, at: cluster.time) else {
            throw ScriptError("the provider knows no payment \(payment)")
        }
        return .webhook(
            ProviderNotice(
                provider: "simulated", subject: .payment(id, intent), body: [],
                bodyHash: UInt128(number), refundBits: NodeSale.bits(number)))
    }
}

import Glibc
import SystemIO
import Testing

@Suite struct OutputBufferTests {
    /// Far more than the socket's buffers hold, in chunks of all sizes, against a reader that takes
    /// a little at a time: every byte arrives once, in order.
    @Test func partialWritesLoseNothing() throws {
        let connection = try Connection()
        var output = OutputBuffer(byteLimit: 64 << 20)
        var sent: [UInt8] = []
        var random = LinearCongruential(state: 7)
        while sent.count < 8 << 20 {
            let size = [3, 200, 4_096, 5_000, 70_000, 300_000][Int(random.next(below: 6))]
            let chunk = [UInt8](repeating: UInt8(random.next(below: 256)), count: size)
            output.queue(chunk)
            sent += chunk
        }
        #expect(output.count == sent.count)
        var received: [UInt8] = []
        var timesBlocked = 0
        var buffer = [UInt8](repeating: 0, count: 100_000)
        while received.count < sent.count {
            if try output.flush(to: connection.client) == .blocked { timesBlocked += 1 }
            awaitReady(connection.server.descriptor, POLLIN)
            if case .bytes(let count) = try connection.server.receive(into: &buffer) {
                received += buffer[..<count]
            }
        }
        #expect(timesBlocked > 1)
        #expect(output.isEmpty)
        #expect(received == sent)
    }

    @Test func aFullBufferRefusesUntilItIsFlushed() throws {
        let connection = try Connection()
        var output = OutputBuffer(byteLimit: 10)
        output.queue([UInt8](repeating: 1, count: 9))
        #expect(!output.isFull)
        // The chunk that reaches the limit is taken whole.
        output.queue([UInt8](repeating: 2, count: 50))
        #expect(output.isFull)
        let taken = [
            output.offer([3]), output.offer { _ in Issue.record("called though full") },
        ]
        #expect(taken == [false, false])
        #expect(output.count == 59)
        #expect(try output.flush(to: connection.client) == .everything)
        #expect(output.isEmpty)
        output.queue([3])
        let received = try receiveBytes(59, from: connection.server)
        #expect(received == Array(repeating: 1, count: 9) + Array(repeating: 2, count: 50))
    }

    @Test func messagesWrittenInPlaceFollowTheChunksBeforeThem() throws {
        let connection = try Connection()
        var output = OutputBuffer(byteLimit: 1 << 20)
        let large = [UInt8](repeating: 9, count: 10_000)
        let taken = [
            output.offer { $0 += [1, 2] }, output.offer(large), output.offer { $0 += [3] },
            output.offer { _ in }, output.offer([4]),
        ]
        #expect(!taken.contains(false))
        #expect(output.count == 10_004)
        #expect(try output.flush(to: connection.client) == .everything)
        #expect(try receiveBytes(10_004, from: connection.server) == [1, 2] + large + [3, 4])
    }

    @Test func moreChunksThanOneCallTakesAreSentInOrder() throws {
        let connection = try Connection()
        var output = OutputBuffer(byteLimit: 1 << 20)
        var expected: [UInt8] = []
        for index in 0..<40 {
            let chunk = [UInt8](repeating: UInt8(index), count: 4_097)
            output.queue(chunk)
            expected += chunk
        }
        #expect(try output.flush(to: connection.client) == .everything)
        #expect(try receiveBytes(expected.count, from: connection.server) == expected)
    }

    @Test func emptyOffersLeaveNothing() throws {
        let connection = try Connection()
        var output = OutputBuffer(byteLimit: 10)
        let taken = [output.offer([]), output.offer { _ in }]
        #expect(taken == [true, true])
        #expect(output.isEmpty)
        #expect(try output.flush(to: connection.client) == .everything)
        output.queue([5])
        output.removeAll()
        #expect(output.isEmpty)
        output.queue([6])
        #expect(try output.flush(to: connection.client) == .everything)
        #expect(try receiveBytes(1, from: connection.server) == [6])
    }

    @Test func aBrokenConnectionIsAnErrorAndNoSignal() throws {
        let pair = try DescriptorPair()
        let near = StreamSocket(Descriptor(owning: dup(pair.near.rawValue)))
        #expect(shutdown(pair.near.rawValue, Int32(SHUT_RDWR)) == 0)
        var output = OutputBuffer(byteLimit: 10)
        output.queue([1])
        let error = #expect(throws: SystemError.self) { try output.flush(to: near) }
        #expect(error?.errno == EPIPE)
        #expect(output.count == 1)
    }
}

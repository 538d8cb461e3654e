import Glibc
import Primitives
import SystemIO
import Testing

@Suite struct SocketTests {
    @Test func aListenerReportsThePortItWasGiven() throws {
        let listener = try ListeningSocket(at: .loopback)
        #expect(listener.address.port != 0)
        #expect(listener.address == .ipv4(0x7F00_0001, port: listener.address.port))
    }

    @Test func anAddressInUseIsAnErrorThatNamesIt() throws {
        let listener = try ListeningSocket(at: .loopback)
        let address = listener.address
        let error = #expect(throws: SystemError.self) { _ = try ListeningSocket(at: address) }
        #expect(error?.errno == EADDRINUSE)
        #expect(error?.operation.hasSuffix(" \(address)") == true)
        #expect(error?.description.contains("Address already in use") == true)
        #expect(listener.descriptor.rawValue >= 0)
    }

    /// Siblings share their port among themselves, and still with nobody else.
    @Test func siblingsShareTheConnectionsOfOnePort() throws {
        let first = try ListeningSocket(at: .loopback)
        let second = try first.sibling()
        let third = try first.sibling()
        let address = first.address
        #expect(second.address == address && third.address == address)
        let error = #expect(throws: SystemError.self) { _ = try ListeningSocket(at: address) }
        #expect(error?.errno == EADDRINUSE)
        var counts = [0, 0, 0]
        for _ in 0..<60 {
            let client = try StreamSocket.connect(to: address)
            awaitReady(client.descriptor, POLLOUT)
            try client.connectionResult()
            if try first.accept() != nil { counts[0] += 1 }
            if try second.accept() != nil { counts[1] += 1 }
            if try third.accept() != nil { counts[2] += 1 }
        }
        #expect(counts.reduce(0, +) == 60)
        // That one of three gets none of sixty happens once in ten thousand million times.
        #expect(counts.allSatisfy { $0 > 0 }, "\(counts)")
    }

    @Test func acceptAnswersNilWhenNobodyWaits() throws {
        let listener = try ListeningSocket(at: .loopback)
        let nobody = try listener.accept() == nil
        #expect(nobody)
        let client = try StreamSocket.connect(to: listener.address)
        awaitReady(client.descriptor, POLLOUT)
        try client.connectionResult()
        let first = try listener.accept() != nil
        let second = try listener.accept() == nil
        #expect(first && second)
    }

    @Test func bytesTravelBothWaysAndTheEndIsSeen() throws {
        let connection = try Connection()
        for (sender, receiver) in [(0, 1), (1, 0)] {
            var output = OutputBuffer(byteLimit: 100)
            output.queue([1, 2, UInt8(sender)])
            let flushed =
                try sender == 0
                ? output.flush(to: connection.client) : output.flush(to: connection.server)
            #expect(flushed == .everything)
            let received =
                try receiver == 0
                ? receiveBytes(3, from: connection.client)
                : receiveBytes(3, from: connection.server)
            #expect(received == [1, 2, UInt8(sender)])
        }
        try connection.client.shutdownSending()
        awaitReady(connection.server.descriptor, POLLIN)
        var buffer = [UInt8](repeating: 0, count: 8)
        #expect(try connection.server.receive(into: &buffer) == .closed)
        #expect(try connection.client.receive(into: &buffer) == .wouldBlock)
    }

    @Test func receivingFillsTheBufferFromTheGivenPlace() throws {
        let connection = try Connection()
        var output = OutputBuffer(byteLimit: 100)
        output.queue([7, 8, 9])
        #expect(try output.flush(to: connection.client) == .everything)
        awaitReady(connection.server.descriptor, POLLIN)
        var buffer: [UInt8] = [1, 2, 3, 4]
        #expect(try connection.server.receive(into: &buffer, at: 2) == .bytes(2))
        #expect(buffer == [1, 2, 7, 8])
        #expect(try connection.server.receive(into: &buffer) == .bytes(1))
        #expect(buffer == [9, 2, 7, 8])
    }

    @Test func bothEndsSeeEachOthersAddress() throws {
        let connection = try Connection()
        let client = try connection.client.localAddress()
        #expect(try connection.server.peerAddress() == client)
        #expect(try connection.client.peerAddress() == connection.server.localAddress())
    }

    @Test func aRefusedConnectionSaysSoWhenItEnds() throws {
        // Bound but not listening: nobody else gets this port meanwhile.
        let placeholder = Descriptor(owning: socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        let address = try bindToLoopback(placeholder)
        let error = #expect(throws: SystemError.self) {
            let client = try StreamSocket.connect(to: address)
            awaitReady(client.descriptor, POLLOUT)
            try client.connectionResult()
        }
        #expect(error?.errno == ECONNREFUSED)
    }

    @Test func aLinkLocalAddressWithoutScopeIsAnErrorNotACrash() throws {
        let address = try #require(SocketAddress("[fe80::1]:9"))
        let connecting = #expect(throws: SystemError.self) {
            _ = try StreamSocket.connect(to: address)
        }
        #expect(connecting?.operation.hasSuffix(" \(address)") == true)
        let binding = #expect(throws: SystemError.self) { _ = try ListeningSocket(at: address) }
        #expect(binding?.operation.hasSuffix(" \(address)") == true)
    }

    /// Binds without listening, and returns the address.
    private func bindToLoopback(_ descriptor: borrowing Descriptor) throws -> SocketAddress {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let number = descriptor.rawValue
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(number, $0, length) | getsockname(number, $0, &length)
            }
        }
        try #require(result == 0)
        return .ipv4(0x7F00_0001, port: UInt16(bigEndian: address.sin_port))
    }

    @Test func aResetConnectionIsAnErrorOfReceiving() throws {
        let connection = try Connection()
        var abort = linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout<linger>.size)
        let client = connection.client.descriptor.rawValue
        #expect(setsockopt(client, SOL_SOCKET, SO_LINGER, &abort, size) == 0)
        // AF_UNSPEC dissolves the connection at once (connect(2)), with a reset as lingering says.
        var nowhere = sockaddr()
        nowhere.sa_family = sa_family_t(AF_UNSPEC)
        #expect(connect(client, &nowhere, socklen_t(MemoryLayout<sockaddr>.size)) == 0)
        awaitReady(connection.server.descriptor, POLLIN)
        let error = #expect(throws: SystemError.self) {
            var buffer = [UInt8](repeating: 0, count: 8)
            _ = try connection.server.receive(into: &buffer)
        }
        #expect(error?.errno == ECONNRESET)
    }

    @Test func smallWritesAreNotDelayed() throws {
        let connection = try Connection()
        for number in [
            connection.client.descriptor.rawValue, connection.server.descriptor.rawValue,
        ] {
            var value: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            #expect(getsockopt(number, Int32(IPPROTO_TCP), TCP_NODELAY, &value, &length) == 0)
            #expect(value != 0)
            #expect(fcntl(number, F_GETFL) & O_NONBLOCK != 0)
            #expect(fcntl(number, F_GETFD) & FD_CLOEXEC != 0)
        }
    }

    @Test func aLoopServesAnEcho() throws {
        let loop = try makeLoop()
        let listener = try ListeningSocket(at: .loopback)
        var served: Echo?
        let listening = try loop.register(listener.descriptor, for: .read) { _ in
            do {
                while let socket = try listener.accept() { served = try Echo(socket, on: loop) }
            } catch { Issue.record(error) }
        }
        let address = listener.address
        let client = try Thread.start(name: "client") {
            do {
                let socket = try StreamSocket.connect(to: address)
                awaitReady(socket.descriptor, POLLOUT)
                var output = OutputBuffer(byteLimit: 100)
                output.queue(Array("hello".utf8))
                #expect(try output.flush(to: socket) == .everything)
                #expect(try receiveBytes(5, from: socket) == Array("hello".utf8))
            } catch { Issue.record(error) }
        }
        loop.run(until: { served?.isClosed == true })
        client.join()
        loop.deregister(listening)
        #expect(loop.registrationCount == 0)
    }
}

/// A connection that returns what it gets, until its peer ends the stream.
private final class Echo {
    private let socket: StreamSocket
    private let loop: EventLoop
    private var registration: Registration?
    private var output = OutputBuffer(byteLimit: 1_024)
    private(set) var isClosed = false

    init(_ socket: consuming StreamSocket, on loop: EventLoop) throws {
        self.socket = socket
        self.loop = loop
        registration = try loop.register(self.socket.descriptor, for: .read) { [unowned self] _ in
            do { try serve() } catch { Issue.record(error) }
        }
    }

    private func serve() throws {
        var buffer = [UInt8](repeating: 0, count: 64)
        switch try socket.receive(into: &buffer) {
        case .bytes(let count):
            output.queue(Array(buffer[..<count]))
            #expect(try output.flush(to: socket) == .everything)
        case .wouldBlock: break
        case .closed:
            if let registration { loop.deregister(registration) }
            isClosed = true
        }
    }
}

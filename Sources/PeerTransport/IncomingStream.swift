import Primitives
import SystemIO
import Wire

/// An authenticated peer's connection to this node: frames come in, nothing goes out.
final class IncomingStream {
    let peer: NodeID
    private let line: PeerSocket
    private let context: MeshContext
    private let lost: (IncomingStream, PeerLoss) -> Void
    private var reader: FrameReader
    private var receivedAt: MonotonicTime
    private var silence: TimerID?

    /// - Parameter lost: called when the connection has ended by itself.
    init(
        from session: PeerSession, over line: PeerSocket, context: MeshContext,
        lost: @escaping (IncomingStream, PeerLoss) -> Void
    ) throws(SystemError) {
        peer = session.peer
        self.line = line
        self.context = context
        self.lost = lost
        reader = FrameReader(seed: session.seed)
        receivedAt = context.loop.now
        try line.register(for: .read) { [unowned self] _ in receive() }
        watch(after: context.limits.silenceTimeout)
    }

    /// Ends the connection without a word.
    func close() {
        if let silence { context.loop.cancel(silence) }
        silence = nil
        line.close()
    }

    private var isOpen: Bool { silence != nil }

    /// Re-armed when it fires, not at each frame.
    private func watch(after delay: Milliseconds) {
        silence = context.loop.schedule(after: delay) { [unowned self] in
            let quiet = context.loop.now.milliseconds(since: receivedAt)
            guard quiet < context.limits.silenceTimeout else { return end(.silent) }
            watch(after: context.limits.silenceTimeout - quiet)
        }
    }

    private func receive() {
        // What waited here while this process itself stood still is too old to act on.
        guard
            context.loop.now.milliseconds(since: receivedAt) < context.limits.silenceTimeout
        else { return end(.silent) }
        do {
            switch try line.socket.receive(into: &context.receiveBuffer) {
            case .wouldBlock: break
            case .closed: end(.closedByPeer)
            case .bytes(let count): take(count)
            }
        } catch {
            end(.broken(error))
        }
    }

    private func take(_ count: Int) {
        receivedAt = context.loop.now
        context.counters.bytesReceived += UInt64(count)
        context.receiveBuffer.withUnsafeBytes {
            reader.feed(UnsafeRawBufferPointer(rebasing: $0[..<count]))
        }
        do {
            // The receiver may have closed this connection, by closing the mesh.
            while isOpen, let frame = try reader.next() { deliver(frame) }
        } catch {
            context.counters.malformedFrames += 1
            end(.malformed(error))
        }
    }

    private func deliver(_ frame: ReceivedFrame) {
        switch frame.content {
        case .complete(let content):
            context.counters.framesReceived += 1
            context.receiver.receive(content, from: peer, clock: frame.sentAt)
        case .partial:
            break
        }
    }

    private func end(_ loss: PeerLoss) {
        close()
        lost(self, loss)
    }
}

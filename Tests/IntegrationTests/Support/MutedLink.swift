import Foundation
import Glibc
import Synchronization

/// A port in front of a node's own: what is sent to it arrives there, until it is muted. Then the
/// connections stay open, and nothing comes through any more. Descriptors are closed with the
/// process: two threads use each.
final class MutedLink: Sendable {
    let port: UInt16
    private let target: UInt16
    private let listener: Int32
    private let isMuted = Atomic(false)

    init(to target: UInt16) throws {
        port = try freePorts(1)[0]
        self.target = target
        listener = try loopbackSocket(port) { bind($0, $1, $2) == 0 ? listen($0, 16) : -1 }
        Thread.detachNewThread { [listener] in
            while case let client = accept(listener, nil, nil), client >= 0 { self.join(client) }
        }
    }

    func mute() { isMuted.store(true, ordering: .sequentiallyConsistent) }

    /// Ends the accepting of connections; those that are open end with their nodes.
    func close() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func join(_ client: Int32) {
        guard let node = try? loopbackSocket(target, { connect($0, $1, $2) }) else {
            shutdown(client, Int32(SHUT_RDWR))
            return
        }
        for (source, sink) in [(client, node), (node, client)] {
            Thread.detachNewThread { self.pump(source, sink) }
        }
    }

    private func pump(_ source: Int32, _ sink: Int32) {
        var bytes = [UInt8](repeating: 0, count: 64 * 1_024)
        while case let count = recv(source, &bytes, bytes.count, 0), count > 0 {
            if isMuted.load(ordering: .sequentiallyConsistent) { continue }
            guard send(sink, bytes, count, Int32(MSG_NOSIGNAL)) == count else { break }
        }
        shutdown(source, Int32(SHUT_RDWR))
        shutdown(sink, Int32(SHUT_RDWR))
    }
}

import PeerTransport
import Telemetry

extension PeerMetrics {
    /// Takes over what a mesh has counted.
    func show(_ mesh: PeerMesh) {
        let counters = mesh.counters
        connected.set(Int64(mesh.connectedPeers))
        framesSent.show(counters.framesSent)
        framesReceived.show(counters.framesReceived)
        framesDropped[.notConnected].show(counters.framesUnconnected)
        framesDropped[.queueFull].show(counters.framesShed)
        framesDropped[.tooLong].show(counters.framesTooLong)
        framesMalformed.show(counters.malformedFrames)
        bytesSent.show(counters.bytesSent)
        bytesReceived.show(counters.bytesReceived)
        connectionsLost.show(counters.connectionsLost)
        dialsFailed.show(counters.dialsFailed)
        strangersRefused.show(counters.strangersRefused)
    }
}

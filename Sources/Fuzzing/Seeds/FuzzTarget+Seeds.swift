extension FuzzTarget {
    /// Where fuzzing begins: inputs that reach the target's depths.
    package var seeds: [[UInt8]] {
        switch self {
        case .request: HTTPSeeds.requests
        case .response: HTTPSeeds.responses
        case .json: HTTPSeeds.texts
        case .text: HTTPSeeds.grammars
        case .signature: HTTPSeeds.signatures
        case .handshake: PeerSeeds.meetings
        case .frames: PeerSeeds.frames
        case .commands: PeerSeeds.batches
        case .log: FileSeeds.logs
        case .configuration: FileSeeds.configurations
        case .node: NodeSeeds.inputs
        }
    }

    /// The longest input worth trying.
    package var inputBytesMax: Int {
        switch self {
        case .signature, .text: 256
        case .handshake, .log: 512
        case .json, .response, .commands: 1_024
        case .request, .frames, .configuration, .node: 2_048
        }
    }
}

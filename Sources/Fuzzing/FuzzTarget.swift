/// Whether an input meant something to what read it: tests see by it that a target's properties
/// are reached at all.
package enum Verdict: Hashable, Sendable {
    case accepted
    case refused
}

/// What reads bytes from outside, one name each. Everything about a target is a plain function of
/// an input: libFuzzer calls it, and so do the unit tests.
package enum FuzzTarget: String, CaseIterable, Sendable {
    case request
    case response
    case json
    case text
    case signature
    case handshake
    case frames
    case commands
    case log
    case configuration
    case node

    /// Reads the input and checks what must hold for any. It may also trap; that is a finding too.
    @discardableResult
    package func check(_ input: [UInt8]) throws(BrokenProperty) -> Verdict {
        switch self {
        case .request: try RequestProperties.check(input)
        case .response: try ResponseProperties.check(input)
        case .json: try JSONProperties.check(input)
        case .text: try TextProperties.check(input)
        case .signature: try SignatureProperties.check(input)
        case .handshake: try HandshakeProperties.check(input)
        case .frames: try FrameProperties.check(input)
        case .commands: try CommandProperties.check(input)
        case .log: try LogProperties.check(input)
        case .configuration: try ConfigurationProperties.check(input)
        case .node: try NodeProperties.check(input)
        }
    }
}

import HTTPProtocol

/// Finds the endpoint of a request: a tree of path segments, made from the endpoints' own paths.
struct Router: Sendable {
    enum Result: Hashable, Sendable {
        /// `parameter` is the path's variable segment, decoded; empty when it has none.
        case found(Endpoint, parameter: String)
        case noSuchPath
        /// The path has escapes that decode to no text.
        case malformedPath
        /// `allow` names the methods that the path does take.
        case methodNotAllowed(allow: String)
    }

    private struct Node: Sendable {
        var literals: [(text: [UInt8], node: Int)] = []
        var variable: Int?
        var endpoints: [Endpoint] = []
    }

    private var nodes = [Node()]

    init() {
        for endpoint in Endpoint.allCases { insert(endpoint) }
    }

    /// `path` as sent, from its first slash on.
    func route(_ method: HTTPMethod, _ path: ArraySlice<UInt8>) -> Result {
        var node = nodes[0]
        var parameter = ""
        var rest: ArraySlice<UInt8>? = path
        while let segment = Router.nextSegment(&rest) {
            guard let text = Router.decoded(segment) else { return .malformedPath }
            if let literal = node.literals.first(where: { text.elementsEqual($0.text) }) {
                node = nodes[literal.node]
            } else if let variable = node.variable, !text.isEmpty {
                parameter = String(decoding: text, as: UTF8.self)
                node = nodes[variable]
            } else {
                return .noSuchPath
            }
        }
        guard !node.endpoints.isEmpty else { return .noSuchPath }
        let wanted: HTTPMethod = method == .head ? .get : method
        guard let endpoint = node.endpoints.first(where: { $0.method == wanted }) else {
            return .methodNotAllowed(allow: Router.allow(node.endpoints))
        }
        return .found(endpoint, parameter: parameter)
    }

    /// What stands between the slash that `rest` begins with and the next one; nil at the end.
    private static func nextSegment(_ rest: inout ArraySlice<UInt8>?) -> ArraySlice<UInt8>? {
        guard let path = rest?.dropFirst() else { return nil }
        let end = path.firstIndex(of: UInt8(ascii: "/"))
        rest = end.map { path[$0...] }
        return path[..<(end ?? path.endIndex)]
    }

    private static func decoded(_ segment: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard segment.contains(UInt8(ascii: "%")) else { return segment }
        return (try? PathSegments(segment).text(0)).map { Array($0.utf8)[...] }
    }

    private static func allow(_ endpoints: [Endpoint]) -> String {
        endpoints.map { $0.method == .get ? "GET, HEAD" : "\($0.method.name)" }
            .joined(separator: ", ")
    }

    private mutating func insert(_ endpoint: Endpoint) {
        var place = 0
        let path = endpoint.path.withUTF8Buffer { Array($0) }
        for segment in path.dropFirst().split(separator: UInt8(ascii: "/")) {
            let isVariable = segment.first == UInt8(ascii: "{")
            let known =
                isVariable
                ? nodes[place].variable
                : nodes[place].literals.first { segment.elementsEqual($0.text) }?.node
            if let known {
                place = known
                continue
            }
            nodes.append(Node())
            if isVariable {
                nodes[place].variable = nodes.count - 1
            } else {
                nodes[place].literals.append((Array(segment), nodes.count - 1))
            }
            place = nodes.count - 1
        }
        nodes[place].endpoints.append(endpoint)
    }
}

import HTTPProtocol
import Inventory
import Primitives

/// The small grammars inside of requests, all on the same bytes: paths, queries, URLs, header
/// values, ids, times.
enum TextProperties {
    static func check(_ input: [UInt8]) throws(BrokenProperty) -> Verdict {
        // No request's target holds a NUL.
        let target = input.filter { $0 != 0 }
        let accepted = [
            try checkPath(target), try checkQuery(target), try checkURL(input),
            try checkTag(input), try checkTime(input), try checkIDs(input),
        ]
        try checkMediaTypes(input)
        try checkBases(input)
        return accepted.contains(true) ? .accepted : .refused
    }

    private static func checkPath(_ input: [UInt8]) throws(BrokenProperty) -> Bool {
        let path = PathSegments(input[...])
        var texts: [String] = []
        for index in 0..<path.count {
            guard let text = try? path.text(index) else { return false }
            try require(!text.utf8.contains(0), "no escape makes a NUL")
            texts.append(text)
        }
        let encoded = texts.map(percentEncoded).map { "/\($0)" }.joined()
        let again = PathSegments(Array(encoded.utf8)[...])
        try require(again.count == path.count, "an escaped slash cuts no path")
        for (index, text) in texts.enumerated() {
            try require(
                (try? again.text(index))?.utf8.elementsEqual(text.utf8) == true,
                "an encoded segment is decoded to itself")
        }
        return input.first == UInt8(ascii: "/")
    }

    private static func checkQuery(_ input: [UInt8]) throws(BrokenProperty) -> Bool {
        guard let query = try? QueryParameters(input[...]) else { return false }
        let text = query.parameters.map { pair in
            "\(percentEncoded(pair.name))=\(percentEncoded(pair.value))"
        }
        let again = try? QueryParameters(Array(text.joined(separator: "&").utf8)[...])
        try require(
            again?.parameters.elementsEqual(query.parameters, by: isSame) == true,
            "an encoded query is decoded to itself")
        return input.contains(UInt8(ascii: "="))
    }

    private static func isSame(
        _ a: QueryParameters.Parameter, _ b: QueryParameters.Parameter
    ) -> Bool {
        a.name.utf8.elementsEqual(b.name.utf8) && a.value.utf8.elementsEqual(b.value.utf8)
    }

    private static func checkURL(_ input: [UInt8]) throws(BrokenProperty) -> Bool {
        guard let url = HTTPURL(String(decoding: input, as: UTF8.self)) else { return false }
        try require(!url.host.isEmpty && url.port > 0, "a URL names a host and a port")
        var bytes: [UInt8] = []
        HTTPRequest(.get, url.target, host: url.authority).append(to: &bytes)
        var parser = RequestParser(limits: .wide)
        parser.receive(bytes)
        guard case .head(let head) = parser.next() else {
            throw BrokenProperty("a request of a URL can be read")
        }
        try require(input.count > 7 && head.path.first == UInt8(ascii: "/"), "it has a path")
        return true
    }

    private static func checkTag(_ input: [UInt8]) throws(BrokenProperty) -> Bool {
        guard let text = String(validating: input, as: UTF8.self) else { return false }
        guard let tag = EntityTag(text, .weak), let strong = EntityTag(text) else {
            // What is no tag is a list of them, perhaps.
            if let other = EntityTag("x") { _ = other.isNamed(ifNoneMatch: [input[...]]) }
            return false
        }
        let value = Array("\"other\", \"\(text)\"".utf8)
        try require(tag.isNamed(ifNoneMatch: [value[...]]), "a tag is found in a list of tags")
        try require(strong.isNamed(ifNoneMatch: [value[...]]), "whatever its strength")
        return false
    }

    private static func checkTime(_ input: [UInt8]) throws(BrokenProperty) -> Bool {
        guard let time = WallTime(rfc3339: input) else { return false }
        var text: [UInt8] = []
        time.appendRFC3339(to: &text)
        try require(WallTime(rfc3339: text) == time, "a time that is written reads the same")
        _ = HTTPDate(time)
        return true
    }

    private static func checkIDs(_ input: [UInt8]) throws(BrokenProperty) -> Bool {
        let text = String(decoding: input, as: UTF8.self)
        var isID = false
        if let id = HoldID(text) {
            try require(id.text == text, "an id has one text")
            isID = true
        }
        if let id = EventID(text) {
            try require(id.text == text, "an id has one text")
            isID = true
        }
        if let hash = Layout.hash(ofText: text) {
            try require(Layout.text(ofHash: hash) == text, "a hash has one text")
            isID = true
        }
        return isID
    }

    private static func checkMediaTypes(_ input: [UInt8]) throws(BrokenProperty) {
        _ = MediaType.isJSON(input[...])
        let lists = input.split(separator: UInt8(ascii: "\n"), maxSplits: 3)
        let quality = MediaType.quality(type: "application", subtype: "json", accept: lists)
        try require(0...1_000 ~= quality, "a weight is of a thousand")
        if let value = HTTPHeaderValue(String(decoding: input, as: UTF8.self)) {
            var block = HeaderBlock()
            block.add("X-Value", value)
            let line = try require(block.lines.first, "a header is a line")
            try require(block.lines.count == 1, "and one only")
            try require(
                line.value.utf8.elementsEqual(String(decoding: input, as: UTF8.self).utf8),
                "whose value is the header's")
        }
    }

    private static func checkBases(_ input: [UInt8]) throws(BrokenProperty) {
        if let bytes = Hex.decode(input) {
            try require(Hex.encode(bytes).utf8.elementsEqual(input), "hex has one text")
        }
        if let bytes = Base32.decode(input) {
            try require(Base32.encode(bytes).utf8.elementsEqual(input), "base 32 has one text")
        }
        if let number = Base32.decodeUInt128(input) {
            try require(Base32.encode(number).utf8.elementsEqual(input), "and so has a number")
        }
        try require(Hex.decode(Hex.encode(input).utf8) == input, "hex keeps every byte")
        try require(Base32.decode(Base32.encode(input).utf8) == input, "so does base 32")
    }
}

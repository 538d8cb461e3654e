/// Questions about `Content-Type` and `Accept` (RFC 9110 §8.3 and §12.5.1).
package enum MediaType {
    /// Whether a `Content-Type` names JSON: `application/json`, or any `application/*+json`
    /// (RFC 6839), in UTF-8 if a charset is named. Other parameters are ignored.
    package static func isJSON(_ contentType: ArraySlice<UInt8>) -> Bool {
        if equalsIgnoringCase(contentType, "application/json") { return true }
        var cursor = HeaderListCursor(contentType)
        guard let type = cursor.token(), cursor.accept(ASCII.slash),
            let subtype = cursor.token(), let parameters = cursor.parameters(), cursor.isAtEnd
        else { return false }
        let isJSON =
            equalsIgnoringCase(subtype, "json")
            || (subtype.count > 5 && equalsIgnoringCase(subtype.suffix(5), "+json"))
        return isJSON && equalsIgnoringCase(type, "application")
            && parameters.allSatisfy { name, value in
                !equalsIgnoringCase(name, "charset") || equalsIgnoringCase(value, "utf-8")
            }
    }

    /// How much a client wants a media type, in thousandths: 0 is "not at all", 1,000 is also the
    /// answer when there is no `Accept` header. The most specific range decides; a range's own
    /// parameters are ignored, a malformed range is skipped. `type` and `subtype` in lower case.
    package static func quality(
        type: StaticString, subtype: StaticString, accept: [ArraySlice<UInt8>]
    ) -> Int {
        var best: (specificity: Int, quality: Int)?
        var isEmpty = true
        for value in accept {
            var cursor = HeaderListCursor(value)
            cursor.skipToElement()
            while !cursor.isAtEnd {
                isEmpty = false
                if let range = MediaRange(&cursor),
                    let specificity = range.specificity(type, subtype),
                    specificity > best?.specificity ?? -1
                {
                    best = (specificity, range.quality)
                }
                cursor.skipElement()
                cursor.skipToElement()
            }
        }
        return isEmpty ? 1_000 : best?.quality ?? 0
    }
}

/// One element of an `Accept` header.
private struct MediaRange {
    let type: ArraySlice<UInt8>
    let subtype: ArraySlice<UInt8>
    /// Thousandths.
    let quality: Int

    init?(_ cursor: inout HeaderListCursor) {
        guard let type = cursor.token(), cursor.accept(ASCII.slash),
            let subtype = cursor.token(), let parameters = cursor.parameters(),
            cursor.isAtEnd || cursor.rest.first == ASCII.comma
        else { return nil }
        self.type = type
        self.subtype = subtype
        var quality = 1_000
        for (name, value) in parameters where equalsIgnoringCase(name, "q") {
            guard let weight = MediaRange.weight(value) else { return nil }
            quality = weight
        }
        self.quality = quality
    }

    /// 2 for the very type, 1 for `type/*`, 0 for `*/*`, nil for another type.
    func specificity(_ type: StaticString, _ subtype: StaticString) -> Int? {
        let star = CollectionOfOne(UInt8(ascii: "*"))
        let anySubtype = self.subtype.elementsEqual(star)
        if anySubtype, self.type.elementsEqual(star) { return 0 }
        guard equalsIgnoringCase(self.type, type) else { return nil }
        if anySubtype { return 1 }
        return equalsIgnoringCase(self.subtype, subtype) ? 2 : nil
    }

    /// `qvalue`, RFC 9110 §12.4.2: 0 to 1 with at most three decimals.
    private static func weight(_ text: ArraySlice<UInt8>) -> Int? {
        guard let first = text.first, first == 0x30 || first == 0x31, text.count <= 5 else {
            return nil
        }
        var weight = Int(first - 0x30) * 1_000
        for (index, byte) in text.dropFirst().enumerated() {
            if index == 0 {
                guard byte == UInt8(ascii: ".") else { return nil }
            } else {
                guard byte.isDigit else { return nil }
                weight += Int(byte - 0x30) * [100, 10, 1][index - 1]
            }
        }
        return weight <= 1_000 ? weight : nil
    }
}

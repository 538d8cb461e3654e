/// A query parameter that can't be read.
package struct QueryError: Error, Hashable, Sendable {
    /// The parameter's name, as sent if it could not be decoded.
    package let parameter: String
    package let reason: Reason

    /// What is wrong with it.
    package enum Reason: Hashable, Sendable {
        case coding(PercentCodingError)
        /// Given twice where one value is asked for.
        case repeated
    }

    package init(parameter: String, reason: Reason) {
        self.parameter = parameter
        self.reason = reason
    }

    /// What is wrong, in words that continue "the parameter …".
    package var message: String {
        switch reason {
        case .coding(.badEscape): "has a malformed percent escape"
        case .coding(.invalidUTF8): "is not UTF-8"
        case .coding(.nul): "holds a NUL"
        case .repeated: "is given more than once"
        }
    }
}

/// The `name=value` pairs of a query, decoded, in order. A plus sign is a space; a name without
/// `=` has an empty value; empty pairs (`a=1&&b=2`) are skipped.
package struct QueryParameters: Hashable, Sendable {
    /// One pair, decoded.
    package struct Parameter: Hashable, Sendable {
        package let name: String
        package let value: String
    }

    /// All pairs, in the order of the query.
    package let parameters: [Parameter]

    /// From a request's query as sent; nil is none.
    package init(_ query: ArraySlice<UInt8>?) throws(QueryError) {
        var parameters: [Parameter] = []
        for pair in (query ?? []).split(separator: UInt8(ascii: "&")) {
            parameters.append(try Parameter(pair))
        }
        self.parameters = parameters
    }

    /// The value of the one parameter with this name, nil when there is none.
    package func value(_ name: StaticString) throws(QueryError) -> String? {
        var found: String?
        for parameter in parameters where parameter.name.utf8.elementsEqual(name.utf8) {
            guard found == nil else {
                throw QueryError(parameter: parameter.name, reason: .repeated)
            }
            found = parameter.value
        }
        return found
    }
}

extension QueryParameters.Parameter {
    fileprivate init(_ pair: ArraySlice<UInt8>) throws(QueryError) {
        let mark = pair.firstIndex(of: ASCII.equals)
        let nameBytes = pair[..<(mark ?? pair.endIndex)]
        do throws(PercentCodingError) {
            name = try percentDecoded(nameBytes, .space)
            value =
                try mark.map { mark throws(PercentCodingError) in
                    try percentDecoded(pair[(mark + 1)...], .space)
                } ?? ""
        } catch {
            throw QueryError(
                parameter: String(decoding: nameBytes, as: UTF8.self), reason: .coding(error))
        }
    }
}

import HTTPProtocol

/// JSON texts, as the strict reader and that of configurations take them.
enum JSONProperties {
    static func check(_ input: [UInt8]) throws(BrokenProperty) -> Verdict {
        let strict = try tree(input, .strict)
        let relaxed = try tree(input, .configuration)
        if let strict { try require(relaxed == strict, "a strict text is one of a configuration") }
        return strict == nil && relaxed == nil ? .refused : .accepted
    }

    private static func tree(
        _ input: [UInt8], _ dialect: JSONDialect
    ) throws(BrokenProperty) -> JSONValue? {
        let tree: JSONValue
        do {
            tree = try JSONValue(parsing: input, dialect: dialect)
        } catch {
            try require(0...input.count ~= error.offset, "an error lies in the text")
            try require(!error.message.isEmpty, "an error has words")
            return nil
        }
        try checkWriting(tree)
        try checkPulling(tree, input, dialect)
        return tree
    }

    private static func checkWriting(_ tree: JSONValue) throws(BrokenProperty) {
        let text = tree.text
        let again = try require(
            try? JSONValue(parsing: text), "what is written can be read strictly")
        try require(again == tree, "what is written reads as what was read")
        try require(again.text == text, "writing is canonical")
    }

    /// Skipping, and reading straight into typed variables, find what the tree shows.
    private static func checkPulling(
        _ tree: JSONValue, _ input: [UInt8], _ dialect: JSONDialect
    ) throws(BrokenProperty) {
        do {
            var skipping = JSONReader(input, dialect: dialect)
            try skipping.skipValue()
            try skipping.finish()
        } catch {
            throw BrokenProperty("what is read as a tree can be skipped: \(error)")
        }
        var pulling = JSONReader(input, dialect: dialect)
        do {
            let isSame = try pulling.pulls(tree)
            try pulling.finish()
            guard isSame else { throw BrokenProperty("what is pulled is what the tree shows") }
        } catch let error as JSONError {
            throw BrokenProperty("what is read as a tree can be pulled: \(error)")
        } catch {
            throw BrokenProperty("\(error)")
        }
    }
}

extension JSONValue {
    /// As it is written.
    fileprivate var text: [UInt8] {
        var bytes: [UInt8] = []
        appendJSON(to: &bytes)
        return bytes
    }
}

extension JSONReader {
    /// Reads the next value as one of the tree's type and compares.
    fileprivate mutating func pulls(_ tree: JSONValue) throws(JSONError) -> Bool {
        switch tree {
        case .object(let members):
            try beginObject()
            for member in members {
                guard let key = try nextKey(), key.text == member.key,
                    try pulls(member.value)
                else { return false }
            }
            return try nextKey() == nil
        case .array(let elements):
            try beginArray()
            for element in elements {
                guard try nextElement(), try pulls(element) else { return false }
            }
            return try !nextElement()
        case .string(let text):
            return try string().utf8.elementsEqual(text.utf8)
        case .integer(let integer):
            return try self.integer() == integer
        case .number:
            try skipValue()
            return true
        case .boolean(let boolean):
            return try self.boolean() == boolean
        case .null:
            return try takeNull()
        }
    }
}

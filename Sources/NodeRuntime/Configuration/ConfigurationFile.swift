import HTTPProtocol

/// A configuration file and what lies beside it.
struct ConfigurationFile {
    let path: String
    let contents: FileContents

    /// The object that the file holds.
    func root() throws(ConfigurationError) -> ConfigurationObject {
        let bytes: [UInt8]
        do {
            bytes = try contents(path)
        } catch {
            throw self.error("", nil, .unreadable(error))
        }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes, dialect: .configuration)
        } catch {
            let before = bytes.prefix(error.offset)
            let line = before.count { $0 == UInt8(ascii: "\n") } + 1
            let column = before.reversed().prefix { $0 != UInt8(ascii: "\n") }.count + 1
            throw self.error(
                error.path, nil, .malformed("line \(line), column \(column): \(error.message)"))
        }
        guard case .object(let members) = value else {
            throw error("", value, .wrongType(expected: "an object"))
        }
        return ConfigurationObject(file: self, path: "", members: members)
    }

    /// A path as the file means it: relative to the file's own folder.
    func resolve(_ relative: String) -> String {
        let folder = path.lastIndex(of: "/").map { path[..<$0] }
        if relative.hasPrefix("/") { return relative }
        if relative == "." { return folder.map { $0.isEmpty ? "/" : String($0) } ?? "." }
        return folder.map { "\($0)/\(relative)" } ?? relative
    }

    /// What a secret's file holds, without the line feed that editors add.
    func secret(key: String, in relative: String) throws(ConfigurationError) -> [UInt8] {
        do {
            var bytes = try contents(resolve(relative))
            while bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
            return bytes
        } catch {
            throw self.error(key, .string(relative), .unreadable(error))
        }
    }

    func error(
        _ key: String, _ value: JSONValue?, _ reason: ConfigurationError.Reason
    ) -> ConfigurationError {
        ConfigurationError(file: path, key: key, value: value.map(shortText), reason: reason)
    }

    private func shortText(_ value: JSONValue) -> String {
        var bytes: [UInt8] = []
        value.appendJSON(to: &bytes)
        let text = String(decoding: bytes, as: UTF8.self)
        return text.count > 120 ? text.prefix(120) + "…" : text
    }
}

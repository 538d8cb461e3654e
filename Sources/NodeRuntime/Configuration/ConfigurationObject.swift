import HTTPProtocol

/// One object of a configuration file. It remembers which keys were asked for, so that a key that
/// nobody asks for is an error and not a silent misspelling.
struct ConfigurationObject {
    let file: ConfigurationFile
    /// Such as `members[1]`; empty for the whole file.
    let path: String
    private let members: [JSONValue.Member]
    private var keysAsked: [String] = []

    init(file: ConfigurationFile, path: String, members: [JSONValue.Member]) {
        self.file = file
        self.path = path
        self.members = members
    }

    /// A text that must be there and not be empty.
    mutating func text(_ key: String) throws(ConfigurationError) -> String {
        guard let text = try optionalText(key) else { throw error(key, .missing) }
        return text
    }

    mutating func optionalText(_ key: String) throws(ConfigurationError) -> String? {
        guard let value = ask(key) else { return nil }
        guard case .string(let text) = value, !text.isEmpty else {
            throw error(key, .wrongType(expected: "a text"))
        }
        return text
    }

    /// A whole number within its limits.
    mutating func number(_ setting: NumberSetting) throws(ConfigurationError) -> Int64 {
        guard let value = ask(setting.key) else {
            guard let fallback = setting.fallback else { throw error(setting.key, .missing) }
            return fallback
        }
        guard case .integer(let number) = value else {
            throw error(setting.key, .wrongType(expected: "a whole number"))
        }
        guard setting.range.contains(number) else {
            throw error(setting.key, .outOfRange(setting.range))
        }
        return number
    }

    mutating func flag(_ key: String, default fallback: Bool) throws(ConfigurationError) -> Bool {
        switch ask(key) {
        case .boolean(let flag)?: return flag
        case nil: return fallback
        case .some: throw error(key, .wrongType(expected: "true or false"))
        }
    }

    /// One of a type's names. Without a default it must be there.
    mutating func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ key: String, default fallback: Choice? = nil
    ) throws(ConfigurationError) -> Choice {
        guard let value = ask(key) else {
            guard let fallback else { throw error(key, .missing) }
            return fallback
        }
        guard let choice = value.text.flatMap(Choice.init(rawValue:)) else {
            throw error(key, .notOneOf(Choice.allCases.map(\.rawValue)))
        }
        return choice
    }

    /// An object within this one; without the key, an empty one.
    mutating func object(_ key: String) throws(ConfigurationError) -> ConfigurationObject {
        switch ask(key) {
        case .object(let members)?: return nested(key, members)
        case nil: return nested(key, [])
        case .some: throw error(key, .wrongType(expected: "an object"))
        }
    }

    /// A list of objects; without the key, an empty one.
    mutating func objects(_ key: String) throws(ConfigurationError) -> [ConfigurationObject] {
        let elements: [JSONValue]
        switch ask(key) {
        case .array(let list)?: elements = list
        case nil: elements = []
        case .some: throw error(key, .wrongType(expected: "a list of objects"))
        }
        var objects: [ConfigurationObject] = []
        for (position, element) in elements.enumerated() {
            guard case .object(let members) = element else {
                throw file.error(
                    keyPath("\(key)[\(position)]"), element, .wrongType(expected: "an object"))
            }
            objects.append(nested("\(key)[\(position)]", members))
        }
        return objects
    }

    /// To be called when every key has been asked for: any other one is an error.
    func finish() throws(ConfigurationError) {
        for member in members where !keysAsked.contains(member.key) {
            throw file.error(
                keyPath(member.key), member.value, .unknownKey(allowed: keysAsked.sorted()))
        }
    }

    /// An error about a key's value.
    func error(_ key: String, _ reason: ConfigurationError.Reason) -> ConfigurationError {
        file.error(keyPath(key), members.first { $0.key == key }?.value, reason)
    }

    /// The key's place in the file.
    func keyPath(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// The key's value, and a note that the key is known.
    private mutating func ask(_ key: String) -> JSONValue? {
        keysAsked.append(key)
        return members.first { $0.key == key }?.value
    }

    private func nested(_ key: String, _ members: [JSONValue.Member]) -> ConfigurationObject {
        ConfigurationObject(file: file, path: keyPath(key), members: members)
    }
}

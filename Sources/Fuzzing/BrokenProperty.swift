/// Something that has to hold for every input, and does not for this one.
package struct BrokenProperty: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}

/// Throws unless the condition holds.
func require(
    _ condition: Bool, _ property: @autoclosure () -> String
) throws(BrokenProperty) {
    if !condition { throw BrokenProperty(property()) }
}

/// The value, which has to be there.
func require<Value>(
    _ value: Value?, _ property: @autoclosure () -> String
) throws(BrokenProperty) -> Value {
    guard let value else { throw BrokenProperty(property()) }
    return value
}

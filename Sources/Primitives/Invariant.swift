/// Ends the process with `message` unless `condition` holds.
///
/// The standard library's `precondition` drops its message in an optimised build, where an operator
/// needs it most; this one keeps it. A message that begins with an invariant's number is explained
/// by the register in `Sources/ARCHITECTURE.md`.
@inlinable
package func invariant(
    _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String,
    file: StaticString = #fileID, line: UInt = #line
) {
    if !condition() { invariantFailure(message(), file: file, line: line) }
}

/// Ends the process with `message`: a state was reached that the program rules out.
@inlinable
package func invariantFailure(
    _ message: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) -> Never {
    fatalError(message(), file: file, line: line)
}

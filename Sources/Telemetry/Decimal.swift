/// `value` divided by ten to the power of `fractionDigits` (1…18), exactly and without trailing
/// zeros: 2,500,000 with 9 is `0.0025`.
func decimal(_ value: UInt64, fractionDigits: Int) -> String {
    let divisor = (0..<fractionDigits).reduce(1) { power, _ in power * 10 } as UInt64
    let (whole, fraction) = value.quotientAndRemainder(dividingBy: divisor)
    guard fraction > 0 else { return String(whole) }
    // A one in front keeps the leading zeros.
    var digits = String(divisor + fraction).dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return "\(whole).\(digits)"
}

package import Primitives

/// What the holder of a key may do.
package enum Role: Hashable, Sendable, CaseIterable {
    case buyer
    /// Also what a buyer may.
    case organizer
    /// The cluster's own calls, nothing of the sale.
    case `operator`
    /// Everything.
    case admin
}

/// A key as the configuration keeps it: its text is known to its holder only.
package struct APIKey: Hashable, Sendable {
    /// Names the holder: venues and events belong to it, and idempotency keys are scoped to it.
    package var name: String
    /// SHA-256 of the key's text.
    package var digest: Digest256
    package var role: Role
    package init(name: String, digest: Digest256, role: Role) {
        self.name = name
        self.digest = digest
        self.role = role
    }
}

/// Who makes a request.
package enum Caller: Hashable, Sendable {
    case anonymous
    case holder(APIKey)
}

/// What a request must show.
package enum Access: Hashable, Sendable {
    /// Nothing: it proves itself (a webhook's signature).
    case open
    /// A key only if the configuration says so.
    case monitoring
    /// A buyer's key, or none in an open sale.
    case buyer
    case organizer
    case `operator`
    case admin
}

extension Role {
    /// Whether the role is enough for the access.
    package func permits(_ access: Access) -> Bool {
        switch (self, access) {
        case (.admin, _), (_, .open): true
        case (.buyer, .buyer), (.organizer, .buyer), (.organizer, .organizer): true
        case (.operator, .operator), (.operator, .monitoring): true
        case (.buyer, _), (.organizer, _), (.operator, _): false
        }
    }
}

extension APIConfiguration {
    /// The key that an `Authorization` header shows: the scheme in any case, the key exact. All
    /// digests are compared, each in one step, so the time tells nothing about them.
    func key(authorization: ArraySlice<UInt8>) -> APIKey? {
        let scheme: StaticString = "bearer "
        guard authorization.count > scheme.utf8CodeUnitCount,
            zip(authorization, 0...).prefix(scheme.utf8CodeUnitCount).allSatisfy({
                $0 | 0x20 == scheme.utf8Start[$1]
            })
        else { return nil }
        var hash = SHA256()
        hash.update(authorization.dropFirst(scheme.utf8CodeUnitCount))
        let digest = hash.finish()
        var found: APIKey?
        for key in keys {
            let difference = key.digest.high ^ digest.high | key.digest.low ^ digest.low
            if difference == 0 { found = key }
        }
        return found
    }
}

import HTTPProtocol
import Inventory
import NodeCore
import Primitives

// Venues, events and layouts: what caches may keep.

extension Rendering {
    func venue(_ venue: VenueView, _ replay: Replay) -> HTTPResponse {
        if exchange.endpoint == .createVenue {
            return created("/venues/" + venue.content.venue.text, replay) { venue.write(to: &$0) }
        }
        let tag = EntityTag(Layout.text(ofHash: venue.content.bodyHash))
        return conditional(tag, revision: nil, cacheControl: "public, max-age=30") {
            document { venue.write(to: &$0) }
        }
    }

    func event(_ event: EventView, _ replay: Replay) -> HTTPResponse {
        if exchange.endpoint == .createEvent {
            return created("/events/" + event.content.event.event.text, replay) {
                event.write(to: &$0)
            }
        }
        let tag = EntityTag(String(event.revision.rawValue))
        return conditional(tag, revision: event.revision, cacheControl: "no-cache") {
            document { event.write(to: &$0) }
        }
    }

    func events(_ page: EventPage) -> HTTPResponse {
        let body = document { list in
            list.array("data") { data in
                for event in page.events { data.object { event.write(to: &$0) } }
            }
            list.field("next_cursor", page.next.map(EventCursor.text))
            list.field("has_more", page.next != nil)
        }
        let tag = EntityTag(Layout.text(ofHash: SHA256.first128(body)))
        return conditional(tag, revision: nil, cacheControl: "public, max-age=30") { body }
    }

    func layout(_ layout: Layout) -> HTTPResponse {
        conditional(
            EntityTag(layout.hashText), revision: nil,
            cacheControl: "public, max-age=31536000, immutable"
        ) {
            document { body in
                body.field("hash", layout.hashText)
                body.field("sections", Sections(layout: layout))
            }
        }
    }

    /// A read's answer with its validator: 304 if the client has it already (RFC 9110 §13.1.2).
    func conditional(
        _ tag: EntityTag?, revision: Revision?, cacheControl: HTTPHeaderValue,
        contentType: HTTPHeaderValue = "application/json", _ body: () -> [UInt8]
    ) -> HTTPResponse {
        let isKnown =
            tag?.isNamed(ifNoneMatch: exchange.head.fields.values("if-none-match")) ?? false
        return exchange.response(isKnown ? .notModified : .ok, isKnown ? [] : body()) { headers in
            if !isKnown { headers.add("Content-Type", contentType) }
            if let tag { headers.add("ETag", tag.headerValue) }
            switch exchange.consistency {
            case .local: headers.add("Cache-Control", cacheControl)
            case .linearizable: headers.add("Cache-Control", "no-store")
            }
            if exchange.endpoint == .readSeatMap { headers.add("Vary", "Accept") }
            addRevision(revision, to: &headers)
        }
    }

    /// What a read says of its age.
    func addRevision(_ revision: Revision?, to headers: inout HeaderBlock) {
        guard exchange.endpoint.method == .get else { return }
        if let revision { headers.add("Holdfast-Revision", HTTPHeaderValue(revision.rawValue)) }
        if let staleness {
            headers.add("Holdfast-Staleness-Ms", HTTPHeaderValue(staleness.rawValue))
        }
    }

    private func created(
        _ location: String, _ replay: Replay, _ write: (inout JSONObjectWriter) -> Void
    ) -> HTTPResponse {
        exchange.json(.created) { headers in
            headers.add("Location", HTTPHeaderValue(location) ?? "")
            addReplay(replay, to: &headers)
        } _: { body in
            write(&body)
        }
    }

    private func document(_ write: (inout JSONObjectWriter) -> Void) -> [UInt8] {
        var body: [UInt8] = []
        body.appendJSONObject(write)
        return body
    }
}

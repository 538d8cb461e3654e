import HTTPProtocol
import Testing

/// Reading known fields into typed variables.
struct JSONReaderTests {
    struct Hold: Equatable {
        var key: String
        var user: String
        var seats: [String]
        var ttl: Int64?
        var isTest: Bool?
    }

    func hold(_ text: String) throws(JSONError) -> Hold {
        var reader = JSONReader(utf8(text))
        var key: String?
        var user: String?
        var seats: [String]?
        var ttl: Int64?
        var isTest: Bool?
        try reader.beginObject()
        while let field = try reader.nextKey() {
            switch field {
            case "client_reservation_id": try reader.read(into: &key)
            case "user_id": try reader.read(into: &user)
            case "seat_ids": try reader.read(into: &seats, countMax: 3)
            case "ttl_seconds": try reader.read(into: &ttl, in: 1...900)
            case "test": try reader.read(into: &isTest)
            default: try reader.skipValue()
            }
        }
        guard let key else { throw reader.missing("client_reservation_id") }
        guard let user else { throw reader.missing("user_id") }
        guard let seats else { throw reader.missing("seat_ids") }
        try reader.finish()
        return Hold(key: key, user: user, seats: seats, ttl: ttl, isTest: isTest)
    }

    func error(_ text: String) -> JSONError? {
        do throws(JSONError) {
            _ = try hold(text)
            return nil
        } catch {
            return error
        }
    }

    @Test func knownFieldsAreReadInAnyOrder() throws {
        let expected = Hold(key: "k", user: "u", seats: ["A-1", "A-2"], ttl: 600, isTest: true)
        #expect(
            try hold(
                #"{"client_reservation_id":"k","user_id":"u","seat_ids":["A-1","A-2"],"#
                    + #""ttl_seconds":600,"test":true}"#) == expected)
        #expect(
            try hold(
                "\r\n\t {\"test\" : true , \"ttl_seconds\":600,"
                    + "\"seat_ids\" :\n[ \"A-1\" ,\"A-2\" ] ,"
                    + #""user_id":"u","client_reservation_id":"k" } "#) == expected)
    }

    @Test func unknownFieldsAreSkipped() throws {
        let text =
            #"{"x":null,"user_id":"u","y":{"user_id":[1,-2.5e3,{"z":"\u00e9"}]},"seat_ids":[],"#
            + #""client_reservation_id":"k","x":[true,false,"",{},[]],"é":1}"#
        #expect(try hold(text) == Hold(key: "k", user: "u", seats: []))
    }

    @Test func unknownFieldsAreValidated() {
        for value in [
            "nul", "[1,]", "{\"a\"}", "\"\\x\"", "01", "\"\u{1}\"", "[1 2]", "\"\\ud800\"",
        ] {
            let error = error("{\"x\":\(value),\"user_id\":\"u\"}")
            guard case .malformed = error?.reason else {
                Issue.record("\(value): \(String(describing: error))")
                continue
            }
        }
    }

    @Test func escapedKeysAreTheirText() throws {
        let text = #"{"us\u0065r_id":"u","client_reservation\u005fid":"k","seat_ids":["a"]}"#
        #expect(try hold(text).user == "u")
    }

    @Test(
        arguments: [
            ("user_id", "1", JSONError.Reason.wrongType(expected: .string)),
            ("user_id", "null", .wrongType(expected: .string)),
            ("user_id", "[\"u\"]", .wrongType(expected: .string)),
            ("seat_ids", "\"A-1\"", .wrongType(expected: .array)),
            ("seat_ids", "{}", .wrongType(expected: .array)),
            ("seat_ids", "[\"a\",\"b\",\"c\",\"d\"]", .tooManyElements(countMax: 3)),
            ("ttl_seconds", "\"600\"", .wrongType(expected: .number)),
            ("ttl_seconds", "true", .wrongType(expected: .number)),
            ("ttl_seconds", "1.5", .notAnInteger),
            ("ttl_seconds", "1.0", .notAnInteger),
            ("ttl_seconds", "1e2", .notAnInteger),
            ("ttl_seconds", "1E+2", .notAnInteger),
            ("ttl_seconds", "-0.0", .notAnInteger),
            ("ttl_seconds", "0", .outOfRange(1...900)),
            ("ttl_seconds", "-0", .outOfRange(1...900)),
            ("ttl_seconds", "901", .outOfRange(1...900)),
            ("ttl_seconds", "9223372036854775808", .outOfRange(1...900)),
            ("ttl_seconds", "-100000000000000000000000", .outOfRange(1...900)),
            ("test", "1", .wrongType(expected: .boolean)),
            ("test", "\"true\"", .wrongType(expected: .boolean)),
        ])
    func aWrongValueNamesItsField(field: String, value: String, reason: JSONError.Reason) {
        let error = error("{\"x\":{\"y\":[1,2]},\"\(field)\":\(value)}")
        #expect(error?.path == field)
        #expect(error?.reason == reason)
    }

    @Test func aWrongElementNamesItsIndex() {
        let error = error(#"{"seat_ids":["a","b",7]}"#)
        #expect(error?.path == "seat_ids[2]")
        #expect(error?.reason == .wrongType(expected: .string))
        #expect(error?.offset == 21)
    }

    @Test func aMissingFieldIsNamed() {
        #expect(error("{}")?.path == "client_reservation_id")
        #expect(error("{}")?.reason == .missing)
        #expect(error(#"{"client_reservation_id":"k","seat_ids":[]}"#)?.path == "user_id")
    }

    @Test(
        arguments: [
            ("user_id", "\"u\""), ("seat_ids", "[]"), ("ttl_seconds", "1"), ("test", "false"),
        ])
    func aKnownFieldMayComeOnce(field: String, value: String) {
        let error = error("{\"\(field)\":\(value),\"x\":1,\"\(field)\":\(value)}")
        #expect(error?.path == field)
        #expect(error?.reason == .duplicate)
    }

    @Test(arguments: ["[]", "\"x\"", "1", "null", "true"])
    func theRootMustBeAnObject(text: String) {
        #expect(error(text)?.path == "")
        #expect(error(text)?.reason == .wrongType(expected: .object))
    }

    @Test func integersAreExact() throws {
        for text in [
            "0", "-1", "9223372036854775807", "-9223372036854775808", "1234567890123456789",
        ] {
            var reader = JSONReader(utf8(text))
            #expect(try reader.integer() == Int64(text))
            try reader.finish()
        }
        var negativeZero = JSONReader(utf8("-0"))
        #expect(try negativeZero.integer() == 0)
        for text in ["9223372036854775808", "-9223372036854775809", "99999999999999999999"] {
            #expect(throws: JSONError(path: "", reason: .outOfRange(.min ... .max), offset: 0)) {
                var reader = JSONReader(utf8(text))
                return try reader.integer()
            }
        }
    }

    @Test func nullIsTakenWhereTheCallerAllowsIt() throws {
        var reader = JSONReader(utf8("[null, 1]"))
        try reader.beginArray()
        #expect(try reader.nextElement())
        #expect(try reader.takeNull())
        #expect(try reader.nextElement())
        #expect(try !reader.takeNull())
        #expect(try reader.integer() == 1)
        #expect(try !reader.nextElement())
        try reader.finish()
    }

    @Test func errorsSpeak() {
        #expect(error(#"{"ttl_seconds":0}"#)?.message == "must be from 1 to 900")
        #expect(error(#"{"ttl_seconds":1.5}"#)?.message == "must be an integer")
        #expect(error(#"{"user_id":0}"#)?.message == "must be a string")
        #expect(error(#"{"user_id":"u","user_id":"u"}"#)?.message == "is given twice")
        #expect(error("{}")?.message == "is missing")
        #expect(error(#"{"seat_ids":["","","",""]}"#)?.message == "must have at most 3 elements")
        #expect(error("{,}")?.message == "is malformed at byte 1: unexpected character")
    }
}

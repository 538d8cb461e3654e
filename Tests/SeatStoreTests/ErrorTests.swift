import CSQLite
import Foundation
import Primitives
import Testing

@testable import SeatStore

@Suite struct SQLiteErrors {
    @Test func areClassedByWhatTheyMeanForTheNode() {
        let kinds: [(Int32, SQLiteError.Kind)] = [
            (SQLITE_FULL, .diskFull), (SQLITE_IOERR, .inputOutput), (SQLITE_CANTOPEN, .inputOutput),
            (SQLITE_CORRUPT, .corruption), (SQLITE_NOTADB, .corruption), (SQLITE_BUSY, .busy),
            (SQLITE_LOCKED, .busy), (SQLITE_CONSTRAINT, .constraint), (SQLITE_ERROR, .other),
        ]
        for (code, kind) in kinds { #expect(SQLiteError.Kind(primaryCode: code) == kind) }
    }

    @Test func carryCodesMessageFileAndStatement() throws {
        let directory = try TemporaryDirectory()
        let connection = try Connection(path: directory.file("a"), mode: .create)
        try connection.execute("CREATE TABLE t (a INTEGER NOT NULL)")
        let error = thrown { () throws(StoreError) in
            try connection.execute("INSERT INTO t VALUES (NULL)")
        }
        guard case .sqlite(let failure) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(failure.code == SQLITE_CONSTRAINT)
        #expect(failure.extendedCode == SQLITE_CONSTRAINT | 5 << 8)
        #expect(failure.message.contains("t.a"))
        #expect(failure.sql == "INSERT INTO t VALUES (NULL)")
        #expect(failure.file == directory.file("a"))
        #expect(failure.description.contains("INSERT INTO t"))
    }

    @Test(
        arguments: [
            (SQLITE_FULL, "the disk is full: make room"),
            (SQLITE_IOERR | 4 << 8, "the disk fails, or the node's user may not use the file"),
            (SQLITE_CORRUPT, "the file is damaged: keep a copy, and set this node up anew"),
            (SQLITE_BUSY, "another process holds the file: end it"),
            (SQLITE_CONSTRAINT, "a row that the schema forbids: keep a copy of the file"),
            (SQLITE_ERROR, "a defect of this program or of the file: keep a copy of the file"),
        ])
    func sayWhatToDo(_ code: Int32, _ words: String) {
        let error = SQLiteError(
            file: "/shards/00.sqlite", extendedCode: code, message: "no", sql: "SELECT 1")
        #expect(
            error.description
                == "/shards/00.sqlite: \(words) (SQLite: no, code \(code)) in: SELECT 1")
    }

    @Test func aForeignFileSaysWhose() {
        let error = WrongFile(
            file: "/shards/00.sqlite", key: "node_id", found: "3", expected: "1")
        #expect(
            error.description == "/shards/00.sqlite: node_id is 3, expected 1: another node's or "
                + "another version's file lies here. Put the right one back")
    }

    @Test func aFullDiskIsNamedAndTheStatementRunsAgainAfterwards() throws {
        let directory = try TemporaryDirectory()
        let connection = try Connection(path: directory.file("a"), mode: .create)
        try connection.execute("CREATE TABLE t (a BLOB); PRAGMA max_page_count = 8")
        let insert = try connection.prepare("INSERT INTO t VALUES (?)")
        insert.bind(blob: [UInt8](repeating: 1, count: 100_000))
        #expect(kind { () throws(StoreError) in try insert.run() } == .diskFull)
        insert.bind(blob: [1, 2])
        #expect(try insert.run() == 1)
    }

    @Test func aForeignWriterIsBusyAndNothingElse() throws {
        let directory = try TemporaryDirectory()
        let connection = try Connection(path: directory.file("a"), mode: .create)
        try connection.execute("CREATE TABLE t (a)")
        let person = try Person(directory.file("a"))
        person.run("BEGIN IMMEDIATE")
        #expect(
            kind { () throws(StoreError) in try connection.execute("INSERT INTO t VALUES (1)") }
                == .busy)
        person.run("COMMIT")
        try connection.execute("INSERT INTO t VALUES (1)")
    }

    @Test func aFileThatIsNoDatabaseIsCorruption() throws {
        let directory = try TemporaryDirectory()
        try Data(repeating: 0x55, count: 8_192).write(
            to: URL(fileURLWithPath: directory.file("shard.sqlite")))
        let error = kind { () throws(StoreError) in _ = try openShard(directory, mode: .existing) }
        #expect(error == .corruption)
    }

    @Test func aMissingFileIsNeverAnEmptyShard() throws {
        let directory = try TemporaryDirectory()
        let error = kind { () throws(StoreError) in _ = try openShard(directory, mode: .existing) }
        #expect(error == .inputOutput)
        #expect(!FileManager.default.fileExists(atPath: directory.file("shard.sqlite")))
    }

    private func kind(_ body: () throws(StoreError) -> Void) -> SQLiteError.Kind? {
        guard case .sqlite(let error) = thrown(body) else { return nil }
        return error.kind
    }
}

@Suite struct Statements {
    @Test func refuseToRunWithAMissingParameter() async {
        await #expect(processExitsWith: .failure) {
            let directory = try TemporaryDirectory()
            let connection = try Connection(path: directory.file("a"), mode: .create)
            let statement = try connection.prepare("SELECT ?, ?")
            statement.bind(Int64(1))
            _ = try statement.step()
        }
    }

    @Test func keepEmptyTextsAndBlobsApartFromNull() throws {
        let directory = try TemporaryDirectory()
        let connection = try Connection(path: directory.file("a"), mode: .create)
        let statement = try connection.prepare("SELECT typeof(?), typeof(?), typeof(?)")
        statement.bind(text: "")
        statement.bind(blob: [])
        statement.bindNull()
        #expect(try statement.step())
        #expect(
            [statement.text(), statement.text(), statement.text()] == ["text", "blob", "null"])
    }

    @Test(arguments: [[], [0], [7], [4_294_967_295], [12, 3, 1_000_000, 10, 99]] as [[UInt32]])
    func writeSeatListsAsJSONAndReadThemBack(_ numbers: [UInt32]) throws {
        let directory = try TemporaryDirectory()
        let connection = try Connection(path: directory.file("a"), mode: .create)
        let seats = numbers.map { SeatIndex($0) }
        let echo = try connection.prepare("SELECT ?1, json(?1)")
        echo.bind(seats)
        #expect(try echo.step())
        #expect(try echo.seats() == seats)
        #expect(echo.text() == "[\(numbers.map { "\($0)" }.joined(separator: ","))]")
    }

    @Test(arguments: ["", "[", "[1", "1]", "[,]", "[1,]", "[1,,2]", "[-1]", "[4294967296]", "[a]"])
    func refuseWhatIsNoSeatList(_ text: String) throws {
        let directory = try TemporaryDirectory()
        let connection = try Connection(path: directory.file("a"), mode: .create)
        let echo = try connection.prepare("SELECT ? AS seats")
        echo.bind(text: text)
        #expect(try echo.step())
        #expect(throws: StoreError.self) { try echo.seats() }
    }
}

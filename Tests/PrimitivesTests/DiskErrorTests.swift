import Primitives
import Testing

@Suite struct DiskErrors {
    /// errno(3), on Linux: a number alone tells a person nothing.
    @Test(
        arguments: [
            (2, "No such file or directory"), (5, "Input/output error: the disk fails"),
            (13, "Permission denied: give it to the node's user"),
            (28, "No space left on device: make room"),
            (30, "Read-only file system"), (95, "refused"),
        ])
    func sayWhatWhereAndWhy(_ number: Int32, _ words: String) {
        let error = DiskError(operation: "pwrite", path: "/data/wal/1.wal", errno: number)
        #expect(error.description == "pwrite /data/wal/1.wal: \(words) (errno \(number))")
    }
}

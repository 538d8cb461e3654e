import Glibc
import Testing

@testable import SystemIO

@Suite struct SystemErrorTests {
    @Test func aCallIsRepeatedWhileASignalInterruptsIt() {
        var calls = 0
        let result = uninterrupted {
            calls += 1
            errno = EINTR
            return calls < 3 ? -1 : 5
        }
        #expect(result == 5)
        #expect(calls == 3)
    }

    @Test func aFailedCallThrowsItsNumberAndName() {
        let error = #expect(throws: SystemError(operation: "call x", errno: ENOSPC)) {
            try checked("call x") { () -> Int32 in
                errno = ENOSPC
                return -1
            }
        }
        #expect(error?.description == "call x: No space left on device (errno 28)")
    }

    @Test func aBadDescriptorEndsTheProcess() async {
        await #expect(processExitsWith: .failure) {
            try checked("close") { close(1_000_000) }
        }
    }
}

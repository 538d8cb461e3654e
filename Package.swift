// swift-tools-version: 6.2
// The manifest is the architecture: a target may import what its line names and nothing else.
// Sources/ARCHITECTURE.md says why each layer exists.
import PackageDescription

/// libFuzzer's library without a `main`. Only `scripts/fuzz` sets it: then everything is compiled
/// for it, and the program that it drives is built too.
let fuzzerLibrary = Context.environment["HOLDFAST_FUZZER_LIBRARY"]

let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .treatAllWarnings(as: .error),
    ] + (fuzzerLibrary == nil ? [] : [.unsafeFlags(["-sanitize=fuzzer,address"])])

func layer(_ name: String, _ dependencies: [String] = []) -> Target {
    .target(
        name: name, dependencies: dependencies.map { .byName(name: $0) },
        swiftSettings: settings)
}

func program(
    _ name: String, _ dependencies: [String], linkedWith flags: [String] = []
) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies.map { .byName(name: $0) },
        swiftSettings: settings,
        linkerSettings: flags.isEmpty ? [] : [.unsafeFlags(flags)])
}

func tests(_ name: String, _ dependencies: [String], data: [String] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies.map { .byName(name: $0) }, exclude: data,
        swiftSettings: settings)
}

/// The standard library only: no clock, thread, file, socket, lock or randomness.
let pure = [
    layer("Primitives"),
    layer("Raft", ["Primitives"]),
    layer("Inventory", ["Primitives"]),
    layer("Wire", ["Primitives", "Raft", "Inventory"]),
    layer("HTTPProtocol", ["Primitives"]),
    layer("NodeCore", ["Primitives", "Raft", "Inventory", "Wire"]),
    layer("API", ["Primitives", "Raft", "Inventory", "NodeCore", "HTTPProtocol"]),
]

/// Storage logic: blocking calls, no threads of its own.
let storage = [
    layer("WriteAheadLog", ["Primitives", "Raft", "Wire"]),
    layer("SeatStore", ["Primitives", "Inventory", "CSQLite"]),
]

/// One outside world each.
let shells = [
    layer("SystemIO", ["Primitives", "CLinux"]),
    layer("Telemetry", ["Primitives", "HTTPProtocol"]),
    layer("PeerTransport", ["Primitives", "Raft", "Wire", "SystemIO"]),
    layer("HTTPServer", ["Primitives", "HTTPProtocol", "SystemIO"]),
    layer("HTTPClient", ["Primitives", "HTTPProtocol", "SystemIO"]),
    layer(
        "Payments",
        [
            "Primitives", "Inventory", "NodeCore", "HTTPProtocol", "HTTPServer", "HTTPClient",
            "SystemIO", "Telemetry",
        ]),
    layer(
        "NodeRuntime",
        [
            "Primitives", "Raft", "Inventory", "Wire", "HTTPProtocol", "NodeCore", "API",
            "WriteAheadLog", "SeatStore", "SystemIO", "Telemetry", "PeerTransport", "HTTPServer",
            "Payments",
        ]),
]

let programs = [
    program(
        "holdfast",
        [
            "NodeRuntime", "Payments", "HTTPClient", "HTTPProtocol", "SystemIO",
            "Telemetry", "Primitives",
        ]),
    // A client of the HTTP contract: it shares nothing with the server.
    layer("Bench", ["Primitives", "HTTPProtocol", "SystemIO"]),
    program("holdfast-bench", ["Bench", "SystemIO"]),
]

/// Worlds that misbehave on purpose. Linked by tests only.
let forTests = [
    layer("Simulation", ["Primitives", "Raft", "Inventory", "Wire", "NodeCore"]),
    layer(
        "Fuzzing",
        [
            "Primitives", "Raft", "Inventory", "Wire", "HTTPProtocol", "NodeCore", "API",
            "WriteAheadLog", "NodeRuntime", "Simulation",
        ]),
]

let fuzzers = fuzzerLibrary.map { library in
    [
        program(
            "holdfast-fuzz", ["Fuzzing", "SystemIO", "Primitives"],
            linkedWith: [
                "-sanitize=address", "-Xlinker", "--whole-archive", "-Xlinker", library,
                "-Xlinker", "--no-whole-archive", "-lstdc++",
            ])
    ]
}

let suites = [
    tests("PrimitivesTests", ["Primitives"]),
    tests("RaftTests", ["Raft", "Primitives", "Simulation"]),
    tests("InventoryTests", ["Inventory", "Primitives"]),
    tests("WireTests", ["Wire", "Raft", "Inventory", "Primitives"]),
    tests("HTTPProtocolTests", ["HTTPProtocol", "Primitives"]),
    tests("NodeCoreTests", ["NodeCore", "Raft", "Inventory", "Wire", "Primitives", "Simulation"]),
    tests("APITests", ["API", "NodeCore", "Inventory", "Raft", "HTTPProtocol", "Primitives"]),
    tests("WriteAheadLogTests", ["WriteAheadLog", "Raft", "Wire", "Primitives", "Simulation"]),
    tests("SeatStoreTests", ["SeatStore", "Inventory", "Primitives", "CSQLite"]),
    tests("SystemIOTests", ["SystemIO", "Primitives"]),
    tests("TelemetryTests", ["Telemetry", "HTTPProtocol", "Primitives"]),
    tests("PeerTransportTests", ["PeerTransport", "Wire", "Raft", "SystemIO", "Primitives"]),
    tests(
        "HTTPServerTests", ["HTTPServer", "HTTPClient", "HTTPProtocol", "SystemIO", "Primitives"]),
    tests(
        "PaymentsTests",
        [
            "Payments", "NodeCore", "Inventory", "HTTPClient", "HTTPServer", "HTTPProtocol",
            "SystemIO", "Telemetry", "Primitives", "Simulation", "API",
        ]),
    tests(
        "NodeRuntimeTests",
        [
            "NodeRuntime", "API", "NodeCore", "Inventory", "Raft", "Wire", "HTTPServer",
            "HTTPProtocol", "SystemIO", "Telemetry", "Primitives",
        ]),
    tests(
        "IntegrationTests", ["NodeRuntime", "HTTPClient", "HTTPProtocol", "SystemIO", "Primitives"]),
    tests("BenchTests", ["Bench", "HTTPServer", "HTTPProtocol", "SystemIO", "Primitives"]),
    tests(
        "GoldenTests", ["Simulation", "NodeCore", "Raft", "Inventory", "Primitives"],
        data: ["README.md", "Scripts"]),
    tests(
        "FuzzingTests", ["Fuzzing", "WriteAheadLog", "Raft", "Wire", "Primitives", "Simulation"]),
    tests("TidyTests", []),
]

let package = Package(
    name: "holdfast",
    targets: [
        // Header-only: Glibc's Swift module lacks epoll, eventfd, signalfd and accept4.
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
    ] + pure + storage + shells + programs + forTests + (fuzzers ?? []) + suites
)

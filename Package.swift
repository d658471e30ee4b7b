// swift-tools-version: 6.2
import PackageDescription

/// The language rules of every target: Swift 6 mode plus what is to become default, strict memory safety, no warnings.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .treatWarning("DeprecatedDeclaration", as: .warning),
]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let heap: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
func nio(_ name: String) -> Target.Dependency { .product(name: name, package: "swift-nio") }

func source(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
    name: "recast",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "recast", targets: ["recast"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        // pure
        source("RecastModel"),
        source("RecastPlanner", ["RecastModel"]),
        source("SSHAddressing"),
        source("SSHWire"),
        // reading
        source("SmallFiles", [systemPackage]),
        .systemLibrary(
            name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
        source("RecastYAML", ["CYAML", "RecastModel"]),
        source("RecastManifest", ["RecastYAML", "RecastModel", "SSHAddressing", crypto]),
        source("Tar", [nio("NIOCore")]),
        .systemLibrary(
            name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
        source("Zstandard", ["CZstd", nio("NIOCore")]),
        source("VolumeBackup", ["Tar", "Zstandard", crypto, nio("NIOCore"), systemPackage]),
        // effects
        source(
            "DockerAPI",
            [
                asyncHTTPClient, nio("NIOCore"), nio("NIOHTTP1"), nio("NIOPosix"), nioSSL, "SmallFiles", "Tar",
                logging, systemPackage,
            ]),
        source("RegistryCredentials", ["SmallFiles", subprocess, systemPackage]),
        .systemLibrary(
            name: "CSSH2", pkgConfig: "libssh2", providers: [.apt(["libssh2-1-dev"]), .brew(["libssh2"])]),
        source("SSHTunnel", ["CSSH2", "SSHWire", nio("NIOCore"), nio("NIOPosix"), subprocess, systemPackage]),
        source(
            "OpenSSH",
            [
                "SSHAddressing", "SSHWire", "SmallFiles", crypto, nio("NIOCore"), nio("NIOPosix"), subprocess,
                systemPackage,
            ]),
        source("SSHAccess", ["OpenSSH", "SSHAddressing", "SSHTunnel"]),
        source("RecastExecutor", ["RecastModel", heap]),
        source(
            "RecastHosts",
            ["RecastExecutor", "RecastModel", "RecastPlanner", "DockerAPI", "Tar", "VolumeBackup", nio("NIOCore")]),
        // app
        source("RecastViews", ["RecastModel"]),
        source(
            "RecastOperations",
            [
                "DockerAPI", "RecastExecutor", "RecastHosts", "RecastManifest", "RecastModel", "RecastPlanner",
                "OpenSSH", "RegistryCredentials", "SSHAccess", "SSHAddressing", "SmallFiles", "VolumeBackup",
                nio("NIOCore"), systemPackage,
            ]),
        source(
            "RecastCLI",
            [
                "RecastExecutor", "RecastManifest", "RecastModel", "RecastOperations", "RecastPlanner", "RecastViews",
                "RecastYAML", "VolumeBackup", argumentParser, systemPackage,
            ]),
        .executableTarget(name: "recast", dependencies: ["RecastCLI", argumentParser], swiftSettings: strict),
        // For development; no product.
        .executableTarget(
            name: "recast-bench",
            dependencies: [
                "DockerAPI", "RecastHosts", "RecastModel", "RecastPlanner", argumentParser, nio("NIOCore"),
                nio("NIOHTTP1"), nio("NIOPosix"), systemPackage,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "recast-sim", dependencies: ["RecastModel", "RecastTesting", argumentParser, systemPackage],
            swiftSettings: strict),
        .executableTarget(
            name: "recast-soak",
            dependencies: [
                "RecastExecutor", "RecastModel", "RecastOperations", "RecastTesting", argumentParser, systemPackage,
            ], swiftSettings: strict),
        // tests
        source(
            "RecastTesting",
            ["RecastModel", nio("NIOCore"), nio("NIOHTTP1"), nio("NIOPosix")]),
        tests("RecastModelTests", ["RecastModel", "RecastTesting"]),
        tests("RecastPlannerTests", ["RecastPlanner", "RecastModel", "RecastTesting", "RecastViews"]),
        tests("RecastYAMLTests", ["RecastYAML", "RecastModel"]),
        tests(
            "RecastManifestTests",
            ["RecastManifest", "RecastModel", "RecastTesting", "RecastViews", "RecastYAML", "SSHAddressing"]),
        tests(
            "DockerAPITests",
            ["DockerAPI", "RecastModel", "RecastTesting", "Tar", nio("NIOCore"), nioSSL, subprocess]),
        tests(
            "VolumeBackupTests",
            ["Tar", "VolumeBackup", "Zstandard", nio("NIOCore"), subprocess, systemPackage]),
        tests("RegistryCredentialsTests", ["RegistryCredentials"]),
        tests("SSHAddressingTests", ["SSHAddressing", "RecastTesting"]),
        tests(
            "OpenSSHTests",
            [
                "OpenSSH", "SSHAddressing", "SSHWire", "RecastTesting", crypto, nio("NIOCore"), nio("NIOPosix"),
                subprocess,
                systemPackage,
            ]),
        tests("SSHTunnelTests", ["SSHTunnel", "SSHWire", nio("NIOCore"), nio("NIOPosix"), subprocess, systemPackage]),
        tests("RecastExecutorTests", ["RecastExecutor", "RecastModel", "RecastPlanner", "RecastTesting"]),
        tests(
            "RecastOperationsTests",
            [
                "DockerAPI", "RecastExecutor", "RecastHosts", "RecastManifest", "RecastModel", "RecastOperations",
                "RecastPlanner", "RecastTesting", "SSHAddressing",
            ]),
        tests("RecastViewsTests", ["RecastViews", "RecastModel"]),
        tests(
            "RecastFleetTests",
            [
                "DockerAPI", "RecastExecutor", "RecastHosts", "RecastManifest", "RecastModel", "RecastOperations",
                "RecastPlanner", "RecastTesting", "RecastYAML", "Tar", "VolumeBackup", nio("NIOCore"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)

// Its entry is libFuzzer's, so that nothing but scripts/fuzz can link it.
if Context.environment["RECAST_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "recast-fuzz",
            dependencies: [
                "DockerAPI", "OpenSSH", "RecastHosts", "RecastManifest", "RecastModel", "RecastViews", "RecastYAML",
                "SSHAddressing", "SSHTunnel", systemPackage,
            ],
            swiftSettings: strict))
}

// Only scripts/bench-ssh wants it.
if Context.environment["RECAST_BENCH"] != nil {
    package.targets.append(
        .executableTarget(
            name: "recast-tunnel", dependencies: ["DockerAPI", "OpenSSH", "SSHAccess", "SSHAddressing", systemPackage],
            swiftSettings: strict))
}

import Foundation
import Testing

@testable import SSHTunnel

@Suite(.timeLimit(.minutes(2)))
struct SocketFolderTests {
    @Test func `folders of ended processes go, those in use stay`() throws {
        let parent = try TemporaryFolder.make()
        defer { TemporaryFolder.remove(parent) }
        let files = FileManager.default
        try files.createDirectory(atPath: "\(parent)/t.1.dead", withIntermediateDirectories: false)
        _ = files.createFile(atPath: "\(parent)/t.1.dead/lock", contents: nil)
        _ = files.createFile(atPath: "\(parent)/t.1.dead/3", contents: nil)
        try files.createDirectory(atPath: "\(parent)/t.1.dead/inner", withIntermediateDirectories: false)
        _ = files.createFile(atPath: "\(parent)/t.1.dead/inner/4", contents: nil)
        try files.createSymbolicLink(atPath: "\(parent)/t.1.dead/link", withDestinationPath: "\(parent)/other.1")
        try files.createDirectory(atPath: "\(parent)/t.1.making", withIntermediateDirectories: false)
        try files.createDirectory(atPath: "\(parent)/other.1", withIntermediateDirectories: false)
        let first = try SocketFolder(parent: parent, prefix: "t")
        let second = try SocketFolder(parent: parent, prefix: "t")
        #expect(files.fileExists(atPath: first.path))
        #expect(!files.fileExists(atPath: "\(parent)/t.1.dead"))
        #expect(files.fileExists(atPath: "\(parent)/t.1.making"))
        #expect(files.fileExists(atPath: "\(parent)/other.1"))
        #expect(try files.attributesOfItem(atPath: first.path)[.posixPermissions] as? Int == 0o700)
        let path = first.path
        first.remove()
        second.remove()
        #expect(!files.fileExists(atPath: path))
    }
}

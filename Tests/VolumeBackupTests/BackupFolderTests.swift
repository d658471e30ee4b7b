import Foundation
import SystemPackage
import Testing
import VolumeBackup

@Suite struct BackupFolderTests {
    @Test func `the newest stay, and what is another's`() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = try BackupFolder(path + "/saved", subject: "data-h1")
        let name = try #require(folder.next().lastComponent?.string)
        #expect(name.hasPrefix("data-h1-20") && name.hasSuffix("Z.tar.zst"))
        let stamps = ["20260131T174502.123Z", "20260131T174502.124Z", "20260201T000000.000Z", "20260202T000000.000Z"]
        let others = [
            "data-h1-x-20260131T174502.123Z.tar.zst", "data-h1-20260131.tar.zst", "data-20260131T174502.123Z.tar.zst",
            "other.txt",
        ]
        let ours = stamps.map { "data-h1-\($0).tar.zst" } + ["data-h1-\(stamps[3]).tar.zst.part"]
        for name in ours + others { try Data().write(to: URL(filePath: path + "/saved/" + name)) }
        try folder.prune(keep: 2)
        let left = try FileManager.default.contentsOfDirectory(atPath: path + "/saved")
        #expect(Set(left) == Set(ours[2...3] + others))
        try folder.prune(keep: 5)
        #expect(try FileManager.default.contentsOfDirectory(atPath: path + "/saved").count == left.count)
    }
}

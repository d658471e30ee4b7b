import RecastManifest
import Testing

@Suite struct VolumeSyntaxTests {
    @Test(
        arguments: [
            ("/path", .anonymous, "/path"), ("data:/x", .named("data"), "/x"), ("./foo:/t", .bind("./foo"), "/t"),
            ("../o:/t", .bind("../o"), "/t"), ("~/o:/t", .bind("~/o"), "/t"), ("/foo:/t", .bind("/foo"), "/t"),
            ("a/b:/x", .named("a/b"), "/x"), (#"C:\path"#, .anonymous, #"C:\path"#),
            (#"D:\p:d:\t"#, .bind(#"D:\p"#), #"d:\t"#),
            (#"\\.\pipe\a:\\.\pipe\b"#, .bind(#"\\.\pipe\a"#), #"\\.\pipe\b"#), ("d:", .anonymous, "d:"),
            (".", .anonymous, "."),
            ("name:D:", .named("name"), "D:"), ("/tmp:/x/${V:-a:b}/y", .bind("/tmp"), "/x/${V:-a:b}/y"),
            ("/a/${V:-{d}}:/t", .bind("/a/${V:-{d}}"), "/t"), ("data:/x/../y//z/.", .named("data"), "/y/z"),
            ("data:/x/", .named("data"), "/x"),
        ] as [(String, VolumeSyntax.Source, String)])
    func `source and target`(text: String, source: VolumeSyntax.Source, target: String) throws {
        let volume = try VolumeSyntax(text)
        #expect(volume.source == source)
        #expect(volume.target == target)
        #expect(volume.warnings == [])
        #expect(!volume.readOnly && !volume.noCopy && volume.propagation == nil && volume.selinux == nil)
    }

    @Test func `options`() throws {
        #expect(try VolumeSyntax("aa:/x:ro").readOnly)
        #expect(try !VolumeSyntax("aa:/x:ro,rw").readOnly)
        #expect(try VolumeSyntax("aa:/x:nocopy").noCopy)
        #expect(try VolumeSyntax("/a:/x:rshared,ro").propagation == "rshared")
        #expect(try VolumeSyntax("/a:/x:ro,Z").selinux == "Z")
        #expect(try VolumeSyntax(#"C:\s:D:\t:ro"#).readOnly)
        #expect(try VolumeSyntax("data:/x").targetOffset == 5)
    }

    @Test(
        arguments: ["data:/x:▸bogus", "/a:/x:ro,▸cached", "a1:/x:▸RW", "a1:/x:ro,▸", "▸d:/x", "▸d:/x:ro"]
            as [MarkedOffset])
    func `what Docker Compose passes over is a warning`(text: MarkedOffset) throws {
        #expect(try VolumeSyntax(text.text).warnings.map(\.offset) == [text.offset])
    }

    @Test func `an option that is nearly right is named`() throws {
        #expect(try VolumeSyntax("a1:/x:no-copy").warnings.first?.help == "did you mean 'nocopy'?")
    }

    @Test(
        arguments: ["▸", "▸:/x", "/foo:▸:ro", "/foo:/bar:▸", "data:▸", "/a:/b:ro:▸x", "▸:C:\\a:d:"] as [MarkedOffset])
    func `an empty part or one too many is a fault at its place`(text: MarkedOffset) {
        text.expectFault { text throws(GrammarError) in try VolumeSyntax(text) }
    }

    @Test func `random text does not crash, and a volume has a target`() {
        let pieces = ["a", "/", ":", "ro", ",", "${", "}", "d:", "\\", ".", "~", "é", "$"]
        for seed in UInt64(0)..<5000 {
            var generator = ValuesGenerator(seed: seed)
            let text = generator.text(of: pieces, upTo: 10)
            #expect((try? VolumeSyntax(text))?.target != "", "seed \(seed)")
        }
    }
}

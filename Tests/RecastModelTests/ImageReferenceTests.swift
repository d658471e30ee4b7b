import RecastModel
import Testing

@Suite struct ImageReferenceTests {
    static let digest = "sha256:" + String(repeating: "a", count: 64)

    @Test(arguments: [
        ("nginx", "docker.io/library/nginx", "latest", "nginx:latest"),
        ("nginx:1.27", "docker.io/library/nginx", "1.27", "nginx:1.27"),
        ("me/app", "docker.io/me/app", "latest", "me/app:latest"),
        ("registry:5000/shop/web:1", "registry:5000/shop/web", "1", "registry:5000/shop/web:1"),
        ("localhost/x", "localhost/x", "latest", "localhost/x:latest"),
        ("10.0.0.1:5000/a/b/c:v1.2-3_4", "10.0.0.1:5000/a/b/c", "v1.2-3_4", "10.0.0.1:5000/a/b/c:v1.2-3_4"),
    ])
    func `a reference is read and normalised`(text: String, repository: String, tag: String, written: String) throws {
        let image = try #require(ImageReference(text))
        #expect(image.repository == repository)
        #expect(image.tag == tag)
        #expect(image.description == written)
        #expect(image.digest == nil)
    }

    @Test(arguments: [
        "", ":", "UPPER", "a//b", "-a", "a:", "a:-x", "a@sha256:short", "a b", "a/B:1", "registry:5000/", "a:b:c", "ä",
        "a@md5:00", "a:" + String(repeating: "t", count: 129),
    ])
    func `what is no reference is refused`(text: String) {
        #expect(ImageReference(text) == nil)
    }

    @Test func `a digest pins, and the tag stays for people`() throws {
        let image = try #require(ImageReference("shop/web:2@\(Self.digest)"))
        #expect(image.exact == "shop/web@\(Self.digest)")
        #expect(image.short == "shop/web:2")
        #expect(try #require(ImageReference("shop/web:2")).pinned(to: Self.digest) == image)
        #expect(try #require(ImageReference("shop/web@\(Self.digest)")).tag == nil)
    }
}

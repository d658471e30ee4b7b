import Testing

@testable import RecastManifest

@Suite struct TextTests {
    @Test(arguments: [
        ("a/./b//c/", "a/b/c"), ("environments/../manifests/shop.yaml", "manifests/shop.yaml"), ("../a/../b", "../b"),
        ("/a/../../b", "/b"), ("./", "."), ("", "."), ("/", "/"), ("../../x", "../../x"),
    ])
    func `a path loses its detours`(path: String, clean: String) {
        #expect(FilePath.clean(path) == clean)
    }

    @Test(arguments: [
        ("../manifests/shop.yaml", "environments/prod.yaml", "manifests/shop.yaml"), ("x.env", "prod.yaml", "x.env"),
        ("/etc/x", "environments/prod.yaml", "/etc/x"), ("x", "/prod.yaml", "/x"), ("../x", "prod.yaml", "../x"),
    ])
    func `a path is seen from the file that names it`(path: String, file: String, resolved: String) {
        #expect(FilePath.resolve(path, besides: file) == resolved)
    }

    @Test(arguments: [("manifests/shop.prod.yaml", "shop.prod"), ("shop", "shop"), (".env", ".env"), ("a/b.yml", "b")])
    func `a stem is the name without its last extension`(path: String, stem: String) {
        #expect(FilePath.stem(of: path) == stem)
    }

    @Test(arguments: [
        "127.0.0.1", "0.0.0.0", "255.255.255.255", "::", "::1", "fe80::1", "2001:db8:0:0:0:0:0:1", "::ffff:10.0.0.1",
        "1:2:3:4:5:6:7::",
    ])
    func `an address is an address`(text: String) {
        #expect(IPAddress(text) != nil)
    }

    @Test(arguments: [
        "", "localhost", "1.2.3", "1.2.3.256", "1.2.3.4.5", ":::", "1::2::3", "12345::", "1:2:3:4:5:6:7", "::g",
        "+1.2.3.4",
        "1:2:3:4:5:6:7:8:9", ":1", "1:",
    ])
    func `what is no address is none`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func `addresses are compared by value`() {
        #expect(IPAddress("::1") == IPAddress("0:0:0:0:0:0:0:1"))
        #expect(IPAddress("127.3.2.1")?.isLoopback == true)
        #expect(IPAddress("::1")?.isLoopback == true)
        #expect(IPAddress("10.0.0.1")?.isLoopback == false)
    }

    @Test(arguments: [
        ("", "", true), ("", "10.0.0.1", true), ("0.0.0.0", "10.0.0.1", true), ("0.0.0.0", "::", false),
        ("::", "::1", true), ("10.0.0.1", "10.0.0.2", false), ("10.0.0.1", "10.0.0.1", true), ("", "::1", true),
    ])
    func `addresses of ports overlap when one includes the other`(first: String, second: String, overlap: Bool) {
        #expect(PortCheck.addressesOverlap(first, second) == overlap)
        #expect(PortCheck.addressesOverlap(second, first) == overlap)
    }
}

import RecastYAML
import Testing

@testable import RecastManifest

@Suite struct PrintingTests {
    private func json(_ text: String) -> String {
        String(decoding: ComposeJSON.bytes(of: ComposeTree.node(text)), as: UTF8.self)
    }

    private func printed(_ text: String, _ format: PrintedForm.Format = .json) -> PlainValue {
        PrintedForm(format).of(ComposeTree.node(text)).plain
    }

    // MARK: JSON

    @Test func `keys are sorted by their bytes, two spaces a level`() {
        #expect(
            json("{b: [1, {}], a: {d: null, C: true}, é: [], z: ''}") == """
                {
                  "a": {
                    "C": true,
                    "d": null
                  },
                  "b": [
                    1,
                    {}
                  ],
                  "z": "",
                  "é": []
                }
                """)
    }

    @Test(arguments: [
        (#""a\"b\\c""#, #""a\"b\\c""#), (#""\t\n\r\b\f\x01\x1f""#, #""\t\n\r\b\f\u0001\u001f""#),
        ("'<&>'", #""\u003c\u0026\u003e""#), (#""\u2028\u2029\u2027\u202a""#, "\"\\u2028\\u2029\u{2027}\u{202a}\""),
        ("'$a${b}$$'", #""$$a$${b}$$$$""#), ("é😀", "\"é😀\""), (#""\x7f""#, "\"\u{7f}\""),
    ])
    func `text is escaped as Go does, and every dollar doubled`(yaml: String, expected: String) {
        #expect(json(yaml) == expected)
    }

    @Test(arguments: [
        ("1.5", "1.5"), ("1e6", "1000000"), ("1e20", "100000000000000000000"), ("1e21", "1e+21"),
        ("0.000001", "0.000001"),
        ("0.0000001", "1e-7"), ("-2.5e-9", "-2.5e-9"), ("0.0", "0"), ("123456789.125", "123456789.125"),
        (".inf", "null"),
        ("12345678901234567890123", "1.2345678901234568e+22"), ("12345678901234567890", "12345678901234567890"),
    ])
    func `numbers are written as Go does`(yaml: String, expected: String) {
        #expect(json(yaml) == expected)
    }

    @Test func `a key is doubled too`() {
        #expect(json("{a$b: 1}") == "{\n  \"a$$b\": 1\n}")
    }

    // MARK: Form

    @Test func `what nobody uses is left out`() {
        let text = """
            name: p
            services:
              a:
                networks: {n: null}
                volumes: [{type: volume, source: v, target: /v}, {type: bind, source: w, target: /w}]
                configs: [{source: c}]
                secrets: [{source: s}]
                build: {secrets: [{source: b}]}
            networks: {n: {name: n}, m: {name: m}}
            volumes: {v: {name: v}, w: {name: w}}
            configs: {c: {name: c}, d: {name: d}}
            secrets: {s: {name: s}, b: {name: b}, t: {name: t}}
            models: {x: {model: y}}
            """
        let root = PrintedForm(.yaml).of(ComposeTree.node(text))
        #expect(root["networks"]?.entries?.map(\.key) == ["n"])
        #expect(root["volumes"]?.entries?.map(\.key) == ["v"])
        #expect(root["configs"]?.entries?.map(\.key) == ["c"])
        #expect(root["secrets"]?.entries?.map(\.key) == ["s", "b"])
        #expect(root["models"] == nil)
    }

    @Test(arguments: [
        ("tty: false", ""), ("init: false", "init: false"), ("hostname: ''", ""), ("hostname: null", ""),
        ("cap_add: []", ""), ("scale: 0", "scale: 0"), ("oom_score_adj: 0", ""), ("mem_limit: '0'", ""),
        ("user: '0'", "user: '0'"), ("labels: {}", ""), ("labels: {a: ''}", "labels: {a: ''}"),
        ("environment: {A: null, B: ''}", "environment: {A: null, B: ''}"), ("healthcheck: {}", "healthcheck: {}"),
        ("healthcheck: {retries: 0, disable: false}", "healthcheck: {retries: 0}"), ("command: []", "command: []"),
        ("networks: {n: null, m: {priority: 0}}", "networks: {n: null, m: {}}"),
        (
            "deploy: {replicas: 0, labels: {}, update_config: {parallelism: 0, delay: 0s, monitor: 1s}}",
            "deploy: {replicas: 0, update_config: {parallelism: 0, monitor: 1s}}"
        ),
        ("stop_grace_period: 0s", "stop_grace_period: 0s"), ("cpus: 0.123456789", "cpus: 0.12345679"),
        (
            "volumes: [{type: tmpfs, target: /t, tmpfs: {size: '0', mode: 0}}]",
            "volumes: [{type: tmpfs, target: /t, tmpfs: {}}]"
        ),
        ("x-a: {b: false, c: null}", "x-a: {b: false, c: null}"),
    ])
    func `a setting that says nothing is left out`(line: String, expected: String) {
        let form = PrintedForm(.yaml).of(ComposeTree.node("services: {a: {\(line)}}"))
        #expect(form["services"]?["a"]?.plain == ComposeTree.node("{\(expected)}").plain)
    }

    @Test func `JSON has extensions only at the top`() {
        #expect(
            printed("{x-t: {x-u: 1}, services: {x-s: {x-a: 1, labels: {x-l: a}, logging: {x-b: 1}}}}")
                == ComposeTree.node(
                    """
                    x-t: {x-u: 1}
                    services: {x-s: {labels: {x-l: a}, logging: {}, command: null, entrypoint: null}}
                    """
                ).plain)
    }

    @Test func `JSON has the keys that Docker Compose always prints`() {
        #expect(
            printed(
                """
                services: {a: {networks: {n: null}, deploy: {}, develop: {watch: [{path: /a}]}, pre_stop: [{user: u}]}}
                networks: {n: null}
                """)
                == ComposeTree.node(
                    """
                    services:
                      a:
                        command: null
                        entrypoint: null
                        networks: {n: null}
                        deploy: {resources: {}, placement: {}}
                        develop: {watch: [{path: /a, exec: {command: null}}]}
                        pre_stop: [{user: u, command: null}]
                    networks: {n: {ipam: {}}}
                    """
                ).plain)
        #expect(printed("x-a: 1") == ComposeTree.node("{x-a: 1, services: {}}").plain)
    }

    @Test func `the rates of devices are spelled as Docker Compose's JSON has them`() {
        let text =
            "services: {a: {command: [], entrypoint: [], blkio_config: {weight_device: [{path: /a, weight: 1}]}}}"
        let spelled = text.replacing("path:", with: "Path:").replacing("weight:", with: "Weight:")
        #expect(printed(text) == ComposeTree.node(spelled).plain)
        #expect(printed(text, .yaml) == ComposeTree.node(text).plain)
    }

    @Test func `a config shows its variable instead of the content`() {
        #expect(
            printed("{services: {a: {configs: [{source: c}]}}, configs: {c: {environment: E, content: x}}}", .yaml)
                == ComposeTree.node("{services: {a: {configs: [{source: c}]}}, configs: {c: {environment: E}}}").plain)
    }

    @Test func `YAML doubles the dollars of values, whose keys nobody replaces`() {
        let tree = ComposeTree("services: {a: {image: i, environment: {A$B: 'x$y'}}}")
        #expect(tree.project.yaml.contains("A$B: x$$y"))
    }

    @Test func `printing a printed project again changes nothing`() {
        let tree = ComposeTree(
            "services: {a: {image: i, ports: [{target: 80}], environment: {A: 'x$y'}, links: [b]}, b: {image: i}}")
        let again = ComposeTree(MarkedText(stringLiteral: tree.project.yaml.replacing("$$", with: "$")))
        #expect(again.json == tree.json)
    }
}

import RecastYAML

extension List {
    /// The items of two files, or of one: of those that are the same thing the later takes the place of the earlier.
    func joined(
        _ first: [YAMLNode], _ second: [YAMLNode], merging: (YAMLNode, YAMLNode) -> YAMLNode
    ) -> [YAMLNode] {
        guard let identity else { return first + second }
        var items: [YAMLNode] = []
        var indices: [String: Int] = [:]
        for item in first + second {
            guard let key = identity.of(item) else {
                items.append(item)
                continue
            }
            if let index = indices[key] {
                items[index] = merging(items[index], item)
            } else {
                indices[key] = items.count
                items.append(item)
            }
        }
        return items
    }
}

extension Identity {
    /// What makes two canonical items one; `nil` when an item lacks it.
    fileprivate func of(_ item: YAMLNode) -> String? {
        switch self {
        case .key: item.string.map { String($0.prefix { $0 != "=" }) }
        case .wholeText: item.formattedText
        case .target: item["target"]?.string
        case .path: item["path"]?.string
        case .subnet: item["subnet"]?.string
        case .file(let directory): item["target"]?.string ?? item["source"]?.string.map { directory + "/" + $0 }
        case .port:
            item["target"]?.formattedText.map { target in
                let parts = [("host_ip", "0.0.0.0"), ("published", ""), ("protocol", "tcp")].map { key, fallback in
                    item[key]?.formattedText ?? fallback
                }
                return ([target] + parts).joined(separator: " ")
            }
        }
    }
}

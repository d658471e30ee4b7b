import AsyncHTTPClient
import NIOCore
import NIOHTTP1

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension EngineReader {
    /// `GET /volumes` with a regular expression for their names, and the host's clock when it answered, in seconds of the
    /// Unix epoch.
    ///
    /// An engine that makes one of them at that moment gives it without labels.
    package func volumes(matching pattern: String) async throws -> (volumes: [Volume], now: Int64) {
        let filter = try JSONEncoder().encode(["name": [pattern]])
        let call = EngineTransport.Call(
            .get, "/volumes", query: [("filters", String(decoding: filter, as: UTF8.self))])
        return try await transport.send(call) { response in
            let bytes = try await response.body.collect(upTo: call.largest)
            let list = try JSONDecoder().decode(VolumeList.self, from: Data(bytes.readableBytesView))
            guard let now = response.headers.first(name: "Date").flatMap(httpSeconds) else {
                throw EngineError(.undecodable, route: call.route, message: "the answer has no date")
            }
            return (list.Volumes ?? [], now)
        }
    }
}

/// The seconds of the Unix epoch of `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, "IMF-fixdate").
func httpSeconds(_ text: String) -> Int64? {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let parts = text.split(separator: " ")
    guard parts.count == 6, let month = months.firstIndex(of: String(parts[2])) else { return nil }
    let digits = month < 9 ? "0\(month + 1)" : "\(month + 1)"
    return epochSeconds("\(parts[3])-\(digits)-\(parts[1])T\(parts[4])Z").flatMap { Int64($0.prefix { $0 != "." }) }
}

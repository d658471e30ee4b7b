extension EngineState {
    /// Frames of standard output; plain text for a terminal.
    ///
    /// One that is followed ends with the container.
    func logs(of container: SimulatedContainer, _ call: EngineCall) -> HTTPReply {
        var lines = container.startedAt == nil ? [] : container.image.log
        if !container.isRunning, container.finishedAt != nil { lines += container.image.lateLog }
        if let tail = call.query["tail"].flatMap({ Int($0) }) { lines = lines.suffix(tail) }
        var pieces = [bytes(of: lines, container)]
        if call.flag("follow"), container.isRunning {
            let end = container.nextEvent ?? now + .seconds(86_400)
            pieces += [.pause(end - now), bytes(of: container.image.lateLog, container)]
        }
        return HTTPReply(200, contentType: "application/octet-stream", pieces: pieces)
    }

    private func bytes(of lines: [String], _ container: SimulatedContainer) -> HTTPReply.Piece {
        let isTerminal = container.config["Tty"] == true
        return .bytes(isTerminal ? lines.flatMap { Array(($0 + "\r\n").utf8) } : logFrames(lines))
    }
}

/// An error answer of the engine.
package struct Refusal: Error, Hashable, Sendable {
    package let status: Int
    package let message: String

    package init(_ status: Int, _ message: String) {
        self.status = status
        self.message = message
    }

    var reply: HTTPReply { .json(status, ["message": .string(message)]) }
}

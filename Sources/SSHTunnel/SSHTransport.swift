import NIOCore

/// What carries the bytes of a session; used on the session's loop alone.
protocol SSHTransport: AnyObject {
    /// False while so much waits to be sent that nothing should be added.
    var isWritable: Bool { get }
    /// Takes everything, whatever `isWritable` says.
    func send(_ bytes: ByteBuffer)
    /// Asks the other side to acknowledge at once, where the transport can.
    func acknowledgeQuickly()
    func close()
}

/// The one who gets what arrives on a stream; called on the session's loop, in the middle of its turn.
protocol SSHStreamConsumer: AnyObject {
    /// False while the consumer has enough; it asks its session for a turn when that changes.
    var wantsData: Bool { get }
    func streamDidReceive(_ bytes: ByteBuffer)
    /// Follows one or more deliveries.
    func streamDidReceiveAll()
    /// The other side sends nothing more.
    func streamDidReachEnd()
    /// What was written before has gone to the session; more may be written.
    func streamIsWritable()
    /// Called once, last.
    func streamDidClose()
}

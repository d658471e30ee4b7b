package import RecastModel

/// One host, as far as carrying out a plan is concerned.
package protocol Host: Sendable {
    /// Carries out one action. Doing it a second time is harmless: what is already so is no error.
    ///
    /// `progress`: called while a pull, a task or a wait goes on; never after the call returned.
    ///
    /// It throws `StepFailure`, or `CancellationError` when the task was cancelled.
    func perform(_ action: Action, progress: @escaping @Sendable (StepProgress) -> Void) async throws
}

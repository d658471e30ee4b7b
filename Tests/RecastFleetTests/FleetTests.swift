import Testing

/// Everything that needs real hosts.
///
/// One test at a time: the hosts are shared.
@Suite(.serialized) struct FleetTests {}

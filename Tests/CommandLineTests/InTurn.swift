import Testing

/// Suites that start the whole kiosk, or hold a command to its time: one after the other, so that the load of one is not the
/// time-out of another.
@Suite(.serialized) enum InTurn {}

import Testing

/// Everything here measures time or looks at the whole machine: one test at a time.
@Suite(.serialized) enum CrashTests {}

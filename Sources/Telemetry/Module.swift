// The Telemetry target.

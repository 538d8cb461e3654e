// The TelemetryTests target.

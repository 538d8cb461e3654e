// The HTTPClient target.

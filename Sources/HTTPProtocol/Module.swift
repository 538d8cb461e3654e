// The HTTPProtocol target.

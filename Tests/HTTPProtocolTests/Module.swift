// The HTTPProtocolTests target.

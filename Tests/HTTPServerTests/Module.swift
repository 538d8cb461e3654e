// The HTTPServerTests target.

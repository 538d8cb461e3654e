// The WireTests target.

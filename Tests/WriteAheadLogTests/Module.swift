// The WriteAheadLogTests target.

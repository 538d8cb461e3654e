// The RaftTests target.

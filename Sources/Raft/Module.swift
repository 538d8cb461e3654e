// The Raft target.

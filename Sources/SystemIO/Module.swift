// The SystemIO target.

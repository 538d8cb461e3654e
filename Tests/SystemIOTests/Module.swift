// The SystemIOTests target.

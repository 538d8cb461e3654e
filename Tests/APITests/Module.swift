// The APITests target.

// The TidyTests target.

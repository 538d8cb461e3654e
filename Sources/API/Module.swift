// The API target.

// The WriteAheadLog target.

// The SeatStoreTests target.

// The SeatStore target.

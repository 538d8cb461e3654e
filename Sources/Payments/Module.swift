// The Payments target.

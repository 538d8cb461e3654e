// The PaymentsTests target.

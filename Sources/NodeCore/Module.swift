// The NodeCore target.

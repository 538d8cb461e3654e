// The NodeRuntime target.

// The NodeRuntimeTests target.

// The NodeCoreTests target.

// The Inventory target.

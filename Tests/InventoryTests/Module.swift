// The InventoryTests target.

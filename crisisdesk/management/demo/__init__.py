"""The demo: a brand, its people, and three stories played through the product's own commands, re-timed to now."""

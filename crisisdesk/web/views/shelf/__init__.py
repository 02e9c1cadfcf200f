"""The shelf as its writers see it: import, export, drafts, the editor, history."""

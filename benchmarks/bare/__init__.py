"""The same rows by the barest Django: one view, no middleware, nobody asked who they are."""

"""Pages outside one room."""

"""The operations of the API: each parses, makes one domain call, and answers."""

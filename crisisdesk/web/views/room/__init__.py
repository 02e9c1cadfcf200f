"""The room of one incident."""

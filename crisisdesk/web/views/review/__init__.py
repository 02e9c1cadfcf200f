"""Handing over, closing and learning."""

"""Repeatable measures of a running desk beside bare Django; `make bench` runs them."""

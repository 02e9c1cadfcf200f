"""Reminders under fire: is any lost, doubled or late while parts of the desk are killed."""

"""The embedded default: PostgreSQL and Valkey from wheels, and the supervisor behind `up`.

Nothing in here imports a room of the desk, so it can start a desk whose rooms are broken and
say so. Everything except backup runs on the standard library alone.
"""

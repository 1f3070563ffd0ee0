"""Bringing in what was written elsewhere: docs/import.md says the shape that is read."""

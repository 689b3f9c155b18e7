"""Governed numbers: what each means, what it is, and how it came about."""

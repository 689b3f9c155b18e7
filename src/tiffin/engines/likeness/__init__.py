"""Likeness: which tables are copies or parts of others, told from sketches of their values."""

"""Trials designed, approved, assigned, watched, read out and judged."""

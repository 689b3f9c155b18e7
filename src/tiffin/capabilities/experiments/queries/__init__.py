"""Sums of trials, asked of the warehouse."""

"""Metric systems: the figures a city is judged by, each against its own history."""

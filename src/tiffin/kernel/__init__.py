"""Shared vocabulary, standard library only: money, time, places, marketplace facts, errors."""

"""Carrying over: what one remedy did in several cities, brought together, and what it is going to do in the next."""

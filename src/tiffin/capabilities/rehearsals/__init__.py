"""Rehearsals: runs of the simulated city, labelled truth, the demo marketplace."""

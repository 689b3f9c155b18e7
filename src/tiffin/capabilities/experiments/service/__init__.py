"""Use cases of trials, one module each."""

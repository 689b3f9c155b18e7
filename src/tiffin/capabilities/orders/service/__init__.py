"""Use cases of the order file, one module each."""

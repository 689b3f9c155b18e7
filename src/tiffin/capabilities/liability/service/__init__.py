"""Use cases of liability, one module each."""

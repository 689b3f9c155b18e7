"""Use cases of policies."""

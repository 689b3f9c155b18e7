"""Queries of liability over the facts, one module each."""

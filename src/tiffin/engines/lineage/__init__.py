"""Lineage: which asset is made of which, and what an edit of one touches."""

"""Data contracts of the Open Data Contract Standard: what they say, how two versions differ, whom that touches."""

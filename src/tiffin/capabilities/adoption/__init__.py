"""Adoption: what people ask of the data, what was built for them, who uses it, and what is retired."""

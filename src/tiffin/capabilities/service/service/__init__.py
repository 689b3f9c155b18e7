"""Use cases of links to outside systems, one module each."""

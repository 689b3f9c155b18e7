"""Files from outside, read as text and never trusted: what cannot be read safely is refused before it is loaded."""

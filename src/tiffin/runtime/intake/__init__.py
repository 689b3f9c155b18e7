"""Files from outside, read as text and never trusted: what cannot be read safely is refused, in one paragraph, before anything is loaded."""

"""Tables whose inputs are cut into finitely many parts, so that all cases can be gone through."""

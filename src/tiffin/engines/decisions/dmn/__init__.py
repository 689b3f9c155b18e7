"""DMN 1.5: decision models read from and written to XML, and what they decide."""

"""Conformance: the cases of the DMN Technology Compatibility Kit, asked of this engine."""

"""The built-in functions of FEEL, one module a family."""

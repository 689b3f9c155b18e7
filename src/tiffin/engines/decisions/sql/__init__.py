"""Decision tables and FEEL's expressions as SQL, for many cases at once on any warehouse engine."""

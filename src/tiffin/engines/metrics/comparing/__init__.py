"""Whether two ways of counting mean the same: canonical forms, fingerprints, queries from outside."""

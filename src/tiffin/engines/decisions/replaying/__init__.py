"""Two versions of a policy over the same cases: what each decides, what changes, and for whom."""

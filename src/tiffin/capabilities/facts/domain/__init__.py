"""What a feed is, how its expressions become SQL, and what a load reports."""

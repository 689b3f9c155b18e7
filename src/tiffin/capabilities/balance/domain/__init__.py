"""What a miss is, how it splits over causes, and what a day-book says."""

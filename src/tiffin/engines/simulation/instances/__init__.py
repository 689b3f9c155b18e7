"""Days of the meal delivery routing problem: what is given, how it runs, who dispatches, and what keeps the rules."""

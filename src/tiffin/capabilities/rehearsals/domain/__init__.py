"""What a rehearsal is made of: scenarios, the days of a simulated city, the facts that they leave behind."""

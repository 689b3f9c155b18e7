"""Where supply missed demand, why, what it cost and what to do about it."""

"""What waits for a person: queues, states, clocks, and the trail of who did what."""

"""What the business does: one folder a capability, all of one inner shape."""

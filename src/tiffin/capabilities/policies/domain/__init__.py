"""What a policy is."""

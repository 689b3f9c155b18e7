"""What other parts may do with adoption."""

"""What other parts ask of the catalog."""

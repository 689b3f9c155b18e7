"""What an order's file holds."""

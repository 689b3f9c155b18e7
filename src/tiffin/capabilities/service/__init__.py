"""What customers, merchants and their service systems hear from the platform, and what it hears from them."""

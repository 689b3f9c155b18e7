"""Who is responsible for an order that went wrong, and what follows from it."""

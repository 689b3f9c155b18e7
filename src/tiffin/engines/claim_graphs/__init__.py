"""Claims as a graph of customers, riders and merchants: whose are more than chance, and who has them together."""

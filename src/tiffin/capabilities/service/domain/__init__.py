"""Webhooks, deliveries of them, and what outside systems send."""

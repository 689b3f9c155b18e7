"""Strategies: levers against a diagnosed miss, proposed, agreed to, tried, kept."""

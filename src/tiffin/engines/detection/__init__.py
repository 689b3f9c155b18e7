"""What a column may hold about people, proposed from its name and a sample of its values."""

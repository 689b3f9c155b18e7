"""What people say of assets, and how assets stood, day by day."""

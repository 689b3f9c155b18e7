"""What the change of a number consists of: of sums, products, ratios and means over groups, and of whole trees."""

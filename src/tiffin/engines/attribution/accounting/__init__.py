"""The exact account of a change: trees of sums, products, ratios, mixes and latest paths, and the marketplace's own."""

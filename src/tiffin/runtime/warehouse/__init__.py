"""The warehouse: Delta tables, and the engines that query them."""

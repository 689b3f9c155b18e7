"""Questions that a day-book asks of the warehouse: few, and each answered in sums."""

"""Questions that an order's file asks of the warehouse: one a table, by key, within the days on which rows can lie."""

"""Few cases that every condition of a table shows in: the regression suite of a policy."""

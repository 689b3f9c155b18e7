"""The sorts of cases there are, and what is shown of one."""

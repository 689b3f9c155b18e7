"""Who may see and do what: accounts, grants, sign-in, and the record of who did what."""

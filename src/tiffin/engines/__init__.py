"""Pure mechanisms without policy; they reach no database, file, web or network module."""

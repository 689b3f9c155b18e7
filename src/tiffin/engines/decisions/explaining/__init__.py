"""Why a case was decided so, row by row, and what would have changed it."""

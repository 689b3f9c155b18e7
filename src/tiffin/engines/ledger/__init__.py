"""A ledger: double entries in any units, streams of events that are only ever added to, and their chain."""

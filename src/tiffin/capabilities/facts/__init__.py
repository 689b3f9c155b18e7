"""Facts: contracts, feeds, loading, quarantine."""

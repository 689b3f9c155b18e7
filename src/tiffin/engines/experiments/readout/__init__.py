"""What a trial did, told from sums over its units or windows alone, so that a warehouse does the adding."""

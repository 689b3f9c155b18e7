"""Roll-outs: laid out from trials, let go on by gates, taken back, and registered with what was found where."""

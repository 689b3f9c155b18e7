"""Power: how small an effect a trial can find and how long it has to run, told from the history before it begins."""

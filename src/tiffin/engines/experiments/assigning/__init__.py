"""Who gets which arm: a function of a seed and a name, the same in every process and at every time."""

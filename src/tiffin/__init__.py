"""Tiffin: the operations platform of an on-demand delivery marketplace."""

import gc

# Starting makes some hundred thousand objects that all stay; to look them through for garbage every 700 took a tenth of
# the start of a command, and takes its part of every answer.
gc.set_threshold(20_000, 10, 10)

"""Switchbacks: a whole market is turned on and off by windows, and each leaves something behind for the next."""

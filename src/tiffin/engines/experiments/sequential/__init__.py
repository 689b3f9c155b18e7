"""Trials that are looked at all the time and stopped when they have said enough, without more false alarms for it."""

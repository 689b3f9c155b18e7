"""What can be proven of a decision table before it decides anything, with a case for all that is wrong."""

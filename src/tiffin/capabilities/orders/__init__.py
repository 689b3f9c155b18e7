"""One order on one screen: what was promised, what happened, who decided what, masked by role."""

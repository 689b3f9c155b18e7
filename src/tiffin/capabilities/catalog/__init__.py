"""What data there is: who answers for it, what it means, whether it may be used and trusted."""

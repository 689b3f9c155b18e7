"""Assets, their standing, the standards they are held to; pure."""

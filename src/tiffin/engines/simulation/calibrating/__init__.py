"""Setting the simulated city against real files: distances between distributions, parameters read or fitted."""

"""The simulated city: orders, riders and merchants as discrete events over arrays; pure, seeded, fast."""

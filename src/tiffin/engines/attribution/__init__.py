"""How a miss splits exactly over its causes: Shapley, LMDI, mix and rate, congestion, episodes."""

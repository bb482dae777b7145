"""Ways to a plan: forward and backward passes, serial generation, solver and neighbourhood search."""

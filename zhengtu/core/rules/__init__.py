"""Reading and checking the rulebook."""

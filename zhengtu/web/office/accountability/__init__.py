"""Cases of accountability and of praise: the list, a case with its evidence and steps, and who will soon be late."""

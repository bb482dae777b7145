"""Money: what is planned, arrived, committed and paid; coverage, run-out day, and matching with the bank."""

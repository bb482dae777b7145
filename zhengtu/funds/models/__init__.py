"""Money promised, arrived and paid."""

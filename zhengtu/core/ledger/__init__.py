"""Ledger arithmetic: fact kinds, order of milestones, hash chain, roll-ups."""

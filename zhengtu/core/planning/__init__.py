"""Joins law, ledger and schedule: the network of a project, its latest lawful dates, lights and trajectories."""

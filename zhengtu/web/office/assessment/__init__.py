"""Assessments: what they are, the ranking with its parts down to events, trials, appeals, and the burden on people."""

"""督查: who is inspected by whom, drawn so that nobody can choose; what was found against what was reported."""

"""Statutory procedures: which steps are done, open or blocked and why, and which rights run until when."""

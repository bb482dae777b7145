"""Pages on the truth of reported figures: districts over time, lists of independent sources, families' replies."""

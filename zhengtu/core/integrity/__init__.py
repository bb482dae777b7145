"""One ruler for all: what differs between like households, and patterns that auditors look for."""

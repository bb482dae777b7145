"""Household ledgers in sheets: reading, headings, values and what is wrong with them."""

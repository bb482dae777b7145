"""Screens of inspections: instruction, plan, draw, the form for the site, conclusions, release, objections."""

"""Primitives that every part of the core shares."""

"""Sponsorship (包保): what a sponsor answers for, promises, and hard cases by cause."""

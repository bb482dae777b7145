"""Compensation: facts and dated rules to a Statement whose every line says why."""

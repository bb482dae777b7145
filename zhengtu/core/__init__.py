"""The pure core: decisions as functions of plain values. No Django, no clock, no files but the rulebook."""

"""Plans in foreign formats: Microsoft Project XML, PSPLIB and multi-project instances."""

"""文意: from a text to the directives in it; knows no registry and no database."""

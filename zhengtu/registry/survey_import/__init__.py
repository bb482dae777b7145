"""An uploaded survey on its way into the registry: taken in, checked, reported, carried out."""

"""Survey geometry: the formats it arrives in, the planes it is measured in, what is wrong with it."""

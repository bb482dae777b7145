"""调度: the rhythm of reviews and the agenda that follows from the facts."""

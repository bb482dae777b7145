"""Reviews: the rhythm and its days, the agenda, the room and the minutes."""

"""督办: the life of a directive folded from its facts, its light, reminders and escalation."""

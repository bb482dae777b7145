"""Activities, links, calendars and resources: passes, floats, certificates, levelling. No law words."""

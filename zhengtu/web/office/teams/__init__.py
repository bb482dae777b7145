"""Teams, their levelling over projects, and the corridors that outstanding land cuts."""

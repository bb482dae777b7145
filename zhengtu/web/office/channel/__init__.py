"""The mayor's channel (市长专报): for the mayor and whom the mayor names; for everybody else it does not exist."""

"""Who may do what, where: default deny."""

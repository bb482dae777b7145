"""Options of bringing families home, and the resettlement plans that follow from them."""

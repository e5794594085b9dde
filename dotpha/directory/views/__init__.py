"""Pages of the directory, by what they are for."""

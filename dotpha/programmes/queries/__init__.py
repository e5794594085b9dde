"""Reading programmes and tasks. Every function takes the reader and the day."""

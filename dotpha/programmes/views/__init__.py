"""Pages of programmes and tasks on the desk."""

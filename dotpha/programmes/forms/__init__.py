"""Shapes of what is typed about tasks: fields and bounds. What may be said is decided by the actions."""

"""Files of organisations and of places: looked at first, then loaded whole or not at all (A8)."""

from dotpha.directory.imports.loading import apply, foreseen, preview
from dotpha.directory.imports.shapes import ORGANISATIONS, PLACES, SHAPES, Shape
from dotpha.directory.imports.weighing import Line

__all__ = ["ORGANISATIONS", "PLACES", "SHAPES", "Line", "Shape", "apply", "foreseen", "preview"]

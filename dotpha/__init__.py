"""Dotpha: from a resolution to results that people can check."""

__version__ = "0.1.0"

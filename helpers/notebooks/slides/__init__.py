"""Slides made from a lesson as it is stored: one HTML file, to be opened without a network."""

from helpers.notebooks.slides.page import page, write

__all__ = ["page", "write"]

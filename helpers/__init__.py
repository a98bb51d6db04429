"""The shared package behind the notebooks of Two Loops."""

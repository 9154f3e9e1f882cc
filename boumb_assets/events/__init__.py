"""Notes on a grid, and the facts of a file."""

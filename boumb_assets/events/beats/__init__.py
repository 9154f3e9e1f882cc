"""Beats and downbeats of a human performance, from its notes alone."""

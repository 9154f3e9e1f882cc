"""Constrained decoding, providers, and the chain that always ends in music."""

"""Loops, roles, structures, prompts, splits and the JSONL that a model learns from."""

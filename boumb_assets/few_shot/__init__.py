"""The curated examples and their retrieval."""

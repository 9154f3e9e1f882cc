"""Base models and LoRA adapters; runs without dagster, in a notebook too."""

"""The rule-based composer, for both contracts."""

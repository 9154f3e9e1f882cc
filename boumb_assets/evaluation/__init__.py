"""Metrics, comparison, report."""

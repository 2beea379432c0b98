"""Failures: what is written down of them, and what their causes mean in both languages."""

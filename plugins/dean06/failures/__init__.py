"""Failures: how they are recorded, and what their causes mean in both languages."""

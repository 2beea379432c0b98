"""Proof of reliability: kills, faults of sources, abuse. `make faults` runs the whole campaign."""

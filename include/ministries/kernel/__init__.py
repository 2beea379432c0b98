"""Hashing, time and arrival arithmetic. Knows nothing of persons or ministries."""

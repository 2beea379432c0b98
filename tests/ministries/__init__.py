"""Tests of the simulated ministries."""

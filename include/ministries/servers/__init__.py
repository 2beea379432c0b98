"""The servers of the six sources. ``running`` starts them all for a test."""

from .running import Running, running

__all__ = ["Running", "running"]

"""The deployment on a real container engine: ``make containers``."""

"""Published figures, for pages and reports alike.

Values and targets as they stood at a moment, what changed, who is behind, and how numbers and days
are written in both languages.
"""

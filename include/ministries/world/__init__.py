"""The world: persons and what happens to them, one module per source, nothing stored."""

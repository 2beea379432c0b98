"""What a reader can work out of published cells, as linear programmes."""

"""How fast and how good a match is, beside what people use today."""

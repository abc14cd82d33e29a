"""A file of people: read as a table, its columns guessed, its rows checked. Nothing here writes to the database."""

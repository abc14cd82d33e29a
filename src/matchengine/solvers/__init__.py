"""One file a solver; each takes plain arrays, so that it can be read and tested alone."""

"""How fast Twoway is, and how much memory it takes: `python3 dev.py bench` measures and prints tables."""

"""matchengine: mentor matching that proves its matches."""

"""How alike free texts are: by the letters they share (`letters`), or by what a model says they mean (`meaning`)."""

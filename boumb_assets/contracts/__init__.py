"""What the two apps accept: the models, and everything that is derived from them."""

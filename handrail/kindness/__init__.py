"""A few kind words from one of the circle, for the person to read when they like. Nothing is asked back."""

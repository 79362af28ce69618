"""Starting up: the folder that an install lives in, what must be true before it serves, and its two processes."""

"""Somebody's people on paper, as a text, and as numbers to dial: for when there is no smartphone, or no signal."""

"""A domain of the fault tests: a chain of moments, each of which sends one message and arms the next."""

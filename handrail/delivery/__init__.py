"""What leaves the house: the outbox, the ways to reach somebody, and one channel a file.

Use `from handrail.delivery import outbox, queries, ways`. See ARCHITECTURE.md.
"""

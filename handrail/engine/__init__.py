"""What is due: the durable table of moments, the worker that comes for them, wake-ups and the doorbell.

Use `from handrail.engine import due, bell` and `from handrail.engine.lanes import Lane`. See ARCHITECTURE.md.
"""

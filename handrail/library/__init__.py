"""Lessons, crisis lines, overdose steps: content as files, per country and language. See `content/README.md`."""

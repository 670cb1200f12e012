"""How a store that an earlier version wrote becomes one of this version; see schema.py.

A revision is written by hand and never changed afterwards. It imports nothing of the living program, which
will have moved on by the time it runs, and it never lowers a protection. There is no `downgrade`. The tables
that it makes stand beside it in a file, one statement to a paragraph.
"""

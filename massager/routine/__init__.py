"""Programs to timelines: geometry and timing alone.

May import model alone. Where a level may be used, and how high, comes in as permit rows from the Governor's
envelope; no rule is written here.
"""

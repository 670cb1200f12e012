"""The safety core: what may move, how strongly, where and for how long.

May import model alone. No clock, no I/O, no randomness, no floats: every fact is an argument, `now_ms` on the
boot-time clock included. Nothing here can raise a limit; each bound is a `Cap`, and caps only meet.
"""

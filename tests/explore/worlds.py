"""Small worlds: each a session with a few things that can happen, in every order.

The figures of the product stay as they are; what is small is the session, the number of places, and the
steps of time, which are chosen so that their sums fall on each limit and a millisecond or a round beside it.
"""

from explore.builders import (
    clocks,
    course,
    crossing,
    kept_out,
    overtaken,
    payments,
    reports,
    stops,
    talks,
    zones,
)
from explore.steps import FINE

WORLDS = {
    world.name: world
    for world in (
        stops("stops", 1200, (500, 501)),
        reports("reports", 13_000),
        clocks(
            "clocks",
            2200,
            profile_zone_ms=2000,
            profile_spot_ms=1000,
            zone_limit=(("L1-L3", 100), ("L4-S1", 50)),
        ),
        crossing("crossing", 14_000),
        payments("payments", 3000),
        course("course", 80_000),
        course("coarse-course", 110_000, FINE, level=4, levels=4),
        course("moderate-course", 80_000, FINE, severity="moderate", caller=100),
        course("severe-course", 70_000, FINE, severity="severe"),
        talks("talk", 120_000, 50_000, (10_000,)),
        talks(
            "moderate-talk",
            90_000,
            35_000,
            (5000, 10_000),
            level=40,
            severity="moderate",
            levels=40,
            newton_per_level=1,
            pain=0,
            pain_stops=1,
        ),
        talks("severe-talk", 70_000, 20_000, (5000, 10_000), severity="severe", newton_per_level=1),
        zones("zones", 4000),
        kept_out("kept-out", 2000),
        overtaken("overtaken", 3000),
        stops("short-stops", 600, (501,)),
        clocks(
            "short-clocks",
            1500,
            newton_per_level=40,
            profile_zone_ms=1000,
            profile_spot_ms=1000,
            zone_limit=(("L1-L3", 50),),
        ),
    )
}
# Small enough for every run of the tests.
QUICK = ("crossing", "overtaken", "short-stops", "short-clocks", "severe-talk")

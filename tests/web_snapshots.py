"""A session in the middle of its course, for tests of what a page makes of it."""

from massager.model.body import Zone
from massager.model.decisions import Cap, Source
from massager.model.preview import Patch
from massager.session.snapshot import Snapshot, Stage

SNAPSHOT = Snapshot(
    stage=Stage.RUNNING,
    person="anna",
    device="chair",
    radio="unix:nowhere",
    program="gentle-lumbar",
    zone=Zone.L4_S1,
    wanted=8,
    asked=8,
    sent=Cap(8, Source.ASKED),
    reported=8,
    levels=20,
    place_ppm=800_000,
    lateral_mm=50,
    patches=(Patch("roller_left", 8, 800_000, -50), Patch("roller_right", 0, 800_000, 50)),
    load_n=30,
    left_s=400,
    session_s=480,
    reason=None,
    detail="",
    alarm=None,
    prompts=(),
)

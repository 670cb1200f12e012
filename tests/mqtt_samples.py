"""A massager and its last session as a bridge sees them, for tests of what it tells."""

from dataclasses import replace

from massager.catalog import list_programs
from massager.model.decisions import Reason
from massager.mqtt.announcing import View
from massager.mqtt.gateway import Origin
from massager.mqtt.ids import device_id
from massager.mqtt.seen import Seen
from massager.mqtt.station import Massager
from massager.session.snapshot import Ending, Stage
from samples import chair, cushion
from web_snapshots import SNAPSHOT

ADDRESS = "C0:00:00:00:00:01"
NOW_S = 1_800_000_000
ORIGIN = Origin("0.1.0", None)
# By what `SNAPSHOT` calls it.
CHAIR = Massager(device_id(ADDRESS), "chair", chair(), ADDRESS, "7F3A", "1.0")
CUSHION = Massager(device_id("C0:2"), "Grandma's cushion", cushion(), "C0:2", "", "1.0")
PROGRAMS = tuple(one for one in list_programs(None) if one.modality == "roller")


def seen(*, number=1, highest=8, ending=None, **changes):
    """A session on the chair, in the middle of its course unless it is said otherwise."""
    return Seen(number, replace(SNAPSHOT, **changes), ending, highest)


def ended(reason=Reason.FINISHED, *, confirmed=True, alarm=None, detail="", **changes):
    """One that is over."""
    ending = Ending(reason, detail, confirmed=confirmed, alarm=alarm)
    still = {"stage": Stage.ENDED, "wanted": None, "asked": None, "sent": None}
    return seen(ending=ending, **(still | {"reason": reason, "alarm": alarm} | changes))


def view(now=None, **changes):
    """The chair, with that session or none."""
    return View(**({"massager": CHAIR, "seen": now, "programs": PROGRAMS} | changes))

"""A core that serves, with chairs on one air, paired and with people on record; and its control socket.

As blackbox_rig: nothing here imports the product into this process. People are put into the store by a small
program, because they are what a test begins with and not what it tests.
"""

import http.client
import json
import socket
import sys
from dataclasses import dataclass

from blackbox_rig import PATIENCE_S, SIMULATOR, Trace, guardian_of, until

ADDRESSES = ("C0:DE:00:00:00:01", "C0:DE:00:00:00:02")
NAMES = ("left", "right")
PEOPLE = ("anna", "ben")
# As examples/answers/fine.yaml has it.
_RULED_OUT = (
    *("saddle", "bladder", "both_legs", "cord", "stroke", "chest"),
    *("calf", "injury", "limb", "fever", "sedated", "loose"),
)
FINE = dict.fromkeys(_RULED_OUT, "no") | {"stop_reachable": "yes", "pain": 2, "skin": [], "reaction": "none"}

_ADD_PEOPLE = """\
import sys
from dataclasses import replace

from massager.app.moments import moment
from massager.app.store_place import data_place, open_store
from massager.model.history import By, Role
from massager.store import People, demo_person

with open_store(data_place(None)) as store:
    for name in sys.argv[1:]:
        People(store).add(replace(demo_person(), name=name), by=By("test", Role.CAREGIVER), now=moment())
"""


class TraceOfOne(Trace):
    """What one of several devices of a simulator did."""

    def __init__(self, path, device):
        super().__init__(path)
        self._device = device

    @property
    def lines(self):
        """Every line of this device so far."""
        mine = [line for line in super().lines if line["device"] == self._device]
        self._latest = {line["actuator"]: line["cause"] for line in mine if "actuator" in line}
        return mine


def chairs(room, count=2, *options):
    """Chairs on one air: the place, and what each does."""
    place, file = f"unix:{room.folder}/air", room.folder / "chairs.jsonl"
    command = (*SIMULATOR, "--model", "chair", "--count", str(count), "--listen", place, "--trace", str(file))
    room.start(*command, *options).wait_said(f"listening on {place}")
    return place, [TraceOfOne(file, f"chair-{number + 1}") for number in range(count)]


def add_people(room, *names):
    """Put people into the room's own store, mild and calibrated like `demo`."""
    program = room.start(sys.executable, "-c", _ADD_PEOPLE, *names)
    assert program.wait() == 0, program.said


def say_how_it_went(room, name, *options):
    """Answer the question that falls due with a session's end."""
    return room.finished("answer", name, "--pain", 2, "--worse", "no", "--feeling", "none", *options)


class Api:
    """The control socket of a core, spoken to by hand."""

    def __init__(self, room, core):
        self._path = room.folder / "run" / "massager" / f"core-{core.pid}.sock"

    def ask(self, method, target, body=None, *, raw=None):
        """Status and answer."""
        data = raw if raw is not None else None if body is None else json.dumps(body)
        with socket.socket(socket.AF_UNIX) as near:
            near.settimeout(PATIENCE_S)
            near.connect(str(self._path))
            connection = http.client.HTTPConnection("localhost")
            connection.sock = near
            connection.request(method, target, data, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            with answer:
                return answer.status, json.loads(answer.read())

    def start(self, person, device, program="gentle-lumbar", **more):
        """Start a session, confirmed and with fine answers; status and answer."""
        body = {"program": program, "person": person, "device": device, "confirmed": True, "answers": FINE}
        return self.ask("POST", "/api/v1/sessions", body | more)

    def start_settled(self, person, device, **more):
        """As `start`, once the ledger has settled the session that this person had before."""

        def settled():
            status, told = self.start(person, device, **more)
            return None if told.get("reason") == "device-busy" else (status, told)

        return until(settled, lambda: "the last session settled")

    def sessions(self):
        """Their states."""
        return self.ask("GET", "/api/v1/status")[1]["sessions"]

    def wait(self, number, holds, what):
        """Wait until a session's state is so."""

        def look():
            state = self.ask("GET", f"/api/v1/sessions/{number}")[1]
            return state if holds(state) else None

        return until(look, lambda: what)


@dataclass
class Served:
    """A core that serves."""

    program: object
    place: str
    traces: list
    api: Api

    def wait_pressing(self, *which, after=0.0):
        """Wait until these chairs press."""
        for number in which:
            self.traces[number].wait_level(1, after=after, alive=self.alive)

    def alive(self):
        """Fail, with what it said, if it has ended."""
        assert self.program.runs, f"it ended with {self.program.wait()}: {self.program.said!r}"

    @property
    def guardian(self):
        """Process of a guardian."""
        return guardian_of(self.program.pid)

    def assert_limits(self):
        """Every chair kept them and rests."""
        for trace in self.traces:
            trace.assert_limits()


def serve(room, place, **how):
    """Start a core on an air, and wait until it is ready."""
    program = room.massager("serve", "--radio", place, **how)
    program.wait_said("ready")
    return program, Api(room, program)


def served(room, *, pressing=(), **how):
    """Two chairs, paired as left and right, anna and ben on record, and a core that serves them.

    `pressing` names the chairs on which they are then in session, anna on the first, until they press.
    """
    place, traces = chairs(room)
    add_people(room, *PEOPLE)
    for address, name in zip(ADDRESSES, NAMES, strict=True):
        pairing = room.finished("pair", address, "--name", name, "--radio", place)
        assert pairing.wait() == 0, pairing.said
    program, api = serve(room, place, **how)
    core = Served(program, place, traces, api)
    for number in pressing:
        status, state = core.api.start(PEOPLE[number], NAMES[number])
        assert status == 201, state
    core.wait_pressing(*pressing)
    return core

"""A core with a page on a simulated chair, people on record, and who speaks HTTP with it.

As blackbox_rig: nothing here imports the product into this process.
"""

import re
from dataclasses import dataclass

import httpx

from blackbox_rig import PATIENCE_S, Program, Trace, until
from serve_rig import FINE, add_people


@dataclass
class Page:
    """A core with a page."""

    program: Program
    url: str
    trace: Trace
    client: httpx.Client

    def start(self, person, *, headers=None, **more):
        """Start a session, confirmed and with fine answers; status and answer."""
        wish = {"program": "gentle-lumbar", "person": person, "confirmed": True, "answers": FINE}
        told = self.client.post("/api/v1/sessions", json=wish | more, headers=headers)
        return told.status_code, told.json()

    def pressing(self, person, **how):
        """A session of somebody, once the one before is settled and the rollers press: its number."""

        def settled():
            status, told = self.start(person, **how)
            return None if told.get("reason") == "device-busy" else (status, told)

        status, begun = until(settled, lambda: "the last session settled")
        assert status == 201, begun
        number = begun["number"]
        until(lambda: self.state(number)["reported"], lambda: f"{self.state(number)}")
        return number

    def state(self, number):
        """What is known of a session."""
        return self.client.get(f"/api/v1/sessions/{number}").json()

    def stop(self):
        """STOP; it must be confirmed."""
        told = self.client.post("/stop", headers={"Accept": "application/json"})
        assert (told.status_code, told.json()["confirmed"]) == (200, True), told.text
        return told

    def until_over(self, number):
        """Wait until a session's guardian has left."""
        until(lambda: self.state(number)["over"], lambda: "its end")


def page_of(room, *people, options=()):
    """A core on a new chair with these people, and its page."""
    chair = room.simulator()
    add_people(room, *people)
    program = room.massager("serve", "--radio", chair.place, "--web", "127.0.0.1:0", *options)
    program.wait_said("ready")
    program.wait_said("page at ")
    url = re.search(r"page at (\S+)", program.said)[1]
    client = room.entered(httpx.Client(base_url=url, timeout=PATIENCE_S))
    return Page(program, url, chair.trace, client)

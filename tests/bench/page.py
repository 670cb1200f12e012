"""What the page costs while a hundred look, how soon it stops, and how soon it is there: real processes."""

import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import lookers

from blackbox_rig import MASSAGER, Room, free_port
from http_rig import Page, page_of
from serve_rig import add_people

CLIENTS = 100
STOPS = 25
CPU_S = 20
STARTS = 5
LOOKERS = Path(lookers.__file__)
# docs/protocol.md: what retracts reports once in so long, from the answer to STOP on.
_REPORT_MS = 100
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Found:
    """Of one load."""

    stop_ms: list[float]
    device_ms: list[float]
    core_percent: float
    frames_hz: float


@contextmanager
def _looking(page: Page, count: int) -> Iterator["subprocess.Popen[str]"]:
    """So many who look, as a process of their own."""
    url = httpx.URL(page.url)
    command = (sys.executable, str(LOOKERS), url.host, str(url.port), str(count))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.stdin.close()


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _stop_ms(page: Page) -> tuple[float, float]:
    """From the tap to its answer, and the device's own part: from STOP there until it reports rest."""
    tapped_unix_s, began = time.time(), time.perf_counter()
    page.stop()
    took_ms = 1000 * (time.perf_counter() - began)
    stop = page.trace.wait(lambda line: line.get("event") == "stop", "a stop", after=tapped_unix_s - 0.01)
    rested_ms = round(1000 * page.trace.rest_after(stop["at"]))
    return took_ms, _REPORT_MS * max(1, math.ceil(rested_ms / _REPORT_MS))


def loaded(clients: int = CLIENTS, stops: int = STOPS) -> Found:
    """A session at a time, pressing and stopped, while so many look; the first one for `CPU_S`."""
    people = [f"p{number}" for number in range(stops)]
    times: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        room = Room(Path(folder))
        try:
            page = page_of(room, *people)
            with _looking(page, clients) as looking:
                for person in people:
                    number = page.pressing(person)
                    if person == people[0]:
                        before_s, began = _cpu_s(page.program.pid), time.monotonic()
                        print(CPU_S, file=looking.stdin, flush=True)
                        frames_hz = float(looking.stdout.readline())
                        used_s = _cpu_s(page.program.pid) - before_s
                        percent = 100 * used_s / (time.monotonic() - began)
                    times.append(_stop_ms(page))
                    page.until_over(number)
        finally:
            room.close()
    return Found(sorted(t for t, _ in times), sorted(d for _, d in times), percent, frames_hz)


def first_page_s() -> tuple[float, float]:
    """From the process to its first page, on a store that is there; and an interpreter with the libraries."""
    libraries = "import alembic, argon2, bleak, fastapi, jinja2, sqlalchemy.orm, typer, uvicorn, websockets"
    ours, floors = [], []
    with tempfile.TemporaryDirectory() as folder:
        room = Room(Path(folder))
        try:
            chair = room.simulator()
            add_people(room, "anna")
            for _ in range(STARTS):
                began = time.perf_counter()
                subprocess.run([sys.executable, "-c", libraries], check=True)
                floors.append(time.perf_counter() - began)
                ours.append(_first_page_s(room, chair.place))
        finally:
            room.close()
    return min(ours), min(floors)


def _first_page_s(room: Room, place: str) -> float:
    port = free_port()
    command = (*MASSAGER, "serve", "--radio", place, "--web", f"127.0.0.1:{port}")
    began = time.perf_counter()
    core = room.start(*command)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        while True:
            try:
                assert "anna" in client.get("/").text
            except httpx.ConnectError:
                time.sleep(0.005)
            else:
                took_s = time.perf_counter() - began
                break
    core.close()
    room.wait_alone()
    return took_s

"""`python -m firmware_sim control PLACE press stop`: the control channel of a simulator, from a shell."""

import argparse
import json
import socket
import sys
from collections.abc import Sequence

from firmware_sim.control import DEEDS, parse_place
from firmware_sim.hci_stream import Place

_INTERRUPTED = 130  # as shells count a program ended by SIGINT


def main(words: Sequence[str]) -> int:
    """Send one request and print the answer; after `subscribe` print rows until the simulator ends.

    Returns:
        0 when it was carried out, 1 when it was not; bad arguments leave with 2 by themselves.
    """
    parser = _parser()
    chosen = parser.parse_args(words)
    takes = DEEDS[chosen.do]
    if (chosen.what is not None) != bool(takes):
        parser.error(f"{chosen.do} needs {takes[0]}" if takes else f"{chosen.do} takes nothing more")
    request = {"do": chosen.do} | dict.fromkeys(takes, chosen.what)
    if chosen.device is not None:
        request["device"] = chosen.device
    try:
        line = _connected(chosen.place)
    except OSError as error:
        where = f"no simulator takes control at {chosen.place.text}"
        sys.stderr.write(f"firmware_sim: {where}: {error.strerror}\n")
        return 1
    with line:
        try:
            return _ask(line, request)
        except OSError as error:
            sys.stderr.write(f"firmware_sim: {error.strerror}\n")
            return 1
        except KeyboardInterrupt:
            return _INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m firmware_sim control", description="Control a running simulator."
    )
    parser.add_argument("place", type=_place, metavar="unix:PATH|tcp:HOST:PORT", help="as --control named it")
    parser.add_argument("do", choices=DEEDS)
    parser.add_argument(
        "what", nargs="?", help="press: stop, plus or minus; inject: NAME:ARGUMENTS; clear: NAME"
    )
    parser.add_argument("--device", help="as in the trace; may be left out where there is only one")
    return parser


def _ask(line: socket.socket, request: dict[str, str]) -> int:
    with line.makefile("rwb") as stream:
        stream.write(json.dumps(request).encode() + b"\n")
        stream.flush()
        answer = json.loads(stream.readline() or b'{"ok": false, "error": "it ended without an answer"}')
        if not answer.pop("ok"):
            sys.stderr.write(f"firmware_sim: {answer['error']}\n")
            return 1
        for device in answer.get("devices", ()):
            sys.stdout.write(json.dumps(device) + "\n")
        if request["do"] == "subscribe":
            for row in stream:
                sys.stdout.write(json.dumps(json.loads(row)["row"]) + "\n")
                sys.stdout.flush()
    return 0


def _connected(place: Place) -> socket.socket:
    if not place.path:
        return socket.create_connection((place.host, place.port))
    made = socket.socket(socket.AF_UNIX)
    try:
        made.connect(place.path)
    except OSError:
        made.close()
        raise
    return made


def _place(text: str) -> Place:
    try:
        return parse_place(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error

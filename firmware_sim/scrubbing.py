"""What says whose device it was, blotted out of a recording: addresses, names, serial numbers.

What nobody can know is left in: read a recording through before you give it away.
"""

from dataclasses import replace
from typing import Final

from firmware_sim.recording import Happened, Recording

MODEL_NUMBER: Final = "00002a24-0000-1000-8000-00805f9b34fb"
PRIVATE: Final = frozenset(
    {
        "00002a00-0000-1000-8000-00805f9b34fb",  # device name
        "00002a23-0000-1000-8000-00805f9b34fb",  # system ID, which holds the address
        "00002a25-0000-1000-8000-00805f9b34fb",  # serial number
    }
)
"""Characteristics whose value is blotted out whatever it is, and wherever else it appears."""

_BLOT: Final = b"X"  # chosen: it is text where text was, and the length stays
_SHORT: Final = 4
"""Chosen: fewer bytes come up by chance, and are blotted out only where they are all of a value."""


class Secrets:
    """Bytes that must not appear in a recording."""

    def __init__(self) -> None:
        self._found: set[bytes] = set()

    def add(self, text: str | bytes) -> None:
        """Take a name, a serial number or whatever else; as text in each usual spelling of it."""
        if isinstance(text, bytes):
            self._add(text)
            return
        for spelling in {text, text.upper(), text.lower()}:
            self._add(spelling.encode())
            self._add(spelling.encode("utf-16-le"))

    def add_address(self, address: str) -> None:
        """Take a Bluetooth address, or whatever the system tells instead of it."""
        for joint in (":", "-", ""):
            self.add(address.replace(":", joint))
        try:
            raw = bytes.fromhex(address.replace(":", ""))
        except ValueError:
            return
        self._add(raw)
        self._add(raw[::-1])

    def _add(self, secret: bytes) -> None:
        if secret.strip(b"\0 "):
            self._found.add(secret.strip(b"\0"))

    def blotted(self, value: bytes) -> bytes:
        """The value without them, of the same length."""
        for secret in sorted(self._found, key=len, reverse=True):
            if len(secret) >= _SHORT or value.strip(b"\0") == secret:
                value = value.replace(secret, _BLOT * len(secret))
        return value


def scrubbed(recording: Recording, secrets: Secrets) -> Recording:
    """The recording without these secrets, and without serial numbers whatever they are."""
    head = recording.head
    private = {place for place, each in enumerate(head.characteristics) if each.uuid in PRIVATE}
    happened = []
    for each in recording.happened:
        whole = each.characteristic in private
        value = _BLOT * len(each.value) if whole else secrets.blotted(each.value)
        happened.append(replace(each, value=value, scrubbed=value != each.value))
    model = secrets.blotted(head.model.encode()).decode()
    return Recording(replace(head, model=model), tuple(happened))


def fits(recorded: Happened, value: bytes) -> bool:
    """Whether that was written, as far as it was not blotted out."""
    if not recorded.scrubbed:
        return value == recorded.value
    pairs = zip(recorded.value, value, strict=False)
    return len(value) == len(recorded.value) and all(a in {b, *_BLOT} for a, b in pairs)

"""The core's side of a scan: the radio belongs to a guardian, also for listening."""

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from massager.model.errors import LinkError

# Chosen: to start and to open the radio takes a second or two, on a slow machine five.
_START_LONGEST_S: Final = 15


@dataclass(frozen=True, slots=True)
class Nearby:
    """A massager that advertises within reach.

    Attributes:
        rssi: How strong it is heard, dBm.
        profile: The device profile that fits; None where none does.
    """

    address: str
    name: str
    rssi: int
    profile: str | None


async def nearby(radio: str, seconds: float, profiles: Path | None) -> tuple[Nearby, ...]:
    """Listen for so many seconds; what was heard, the nearest first.

    Raises:
        LinkError: The radio does not work.
    """
    folder = () if profiles is None else ("--profiles", str(profiles))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "massager.guardian", "--scan", str(seconds), "--radio", radio, *folder),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(seconds + _START_LONGEST_S):
            said, _ = await process.communicate()
        lines = [json.loads(line) for line in said.splitlines()]
        if process.returncode and lines:
            raise LinkError(lines[-1]["error"])
        if process.returncode:
            raise LinkError("the process that owns the radio gave no answer")
        return tuple(Nearby(**line) for line in lines)
    except (TimeoutError, ValueError) as error:
        raise LinkError("the process that owns the radio gave no answer") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()

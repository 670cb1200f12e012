"""What is held to the suite: every codec that is registered, on every device profile that names it."""

from pathlib import Path

from firmware_sim.simulator import Simulator
from firmware_sim.virtual_time import run
from massager.catalog import list_devices
from massager.conformance import BYTE_CHECKS, DEVICE_CHECKS, Candidate, connected, read_vectors
from massager.protocol import CODECS, codec_for

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "conformance.md"


def candidates() -> dict[str, Candidate]:
    """By the name of the device."""
    vectors = {codec: read_vectors(ROOT / "docs" / "vectors" / f"{codec}.yaml") for codec in CODECS}
    return {
        device.name: Candidate(codec_for(device.codec), device, vectors[device.codec])
        for device in list_devices()
    }


def on_the_air(candidate: Candidate, check, *faults: str) -> None:
    """Hold a check to the simulated device of a candidate, on virtual time."""

    async def body() -> None:
        async with (
            Simulator(model=candidate.device.name, faults=faults) as simulator,
            connected(candidate, await simulator.radio()) as bench,
        ):
            await check(bench)

    run(body())


def sentence(check) -> str:
    return check.__doc__.splitlines()[0]


def table() -> list[str]:
    """The table of the page: what each check holds, and what was held to it."""
    found = candidates()
    heads = [f"{name} (`{one.codec.__class__.__name__}`)" for name, one in found.items()]
    lines = ["| check | holds | " + " | ".join(heads) + " |", "|---|---|" + "---|" * len(heads)]
    for check in (*BYTE_CHECKS, *DEVICE_CHECKS):
        where = "passes" if check in BYTE_CHECKS else "passes, simulated"
        lines.append(f"| `{check.__name__}` | {sentence(check)} | " + " | ".join([where] * len(heads)) + " |")
    return lines

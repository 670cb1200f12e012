"""`massager stop`: through the running cores of this user, and where that does not do, over the radio."""

import asyncio
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from massager.app.cores import ask, cores
from massager.app.folders import state_folder
from massager.cli.exits import Exit
from massager.model.errors import ControlSocketError
from massager.texts import SWITCH_OFF_BY_HAND

# Chosen: the guardian's stop-only mode tries for 10 s, and needs a moment to start and leave.
DIRECT_S = 15

# A simulated device exists only as long as its simulator listens; its stop file goes with it.
_NO_SIMULATOR = ("radio tcp:", "radio unix:")


@dataclass(frozen=True, slots=True)
class StopReport:
    """What became of one stop: of a running core and its sessions, or of a device reached directly."""

    what: str
    confirmed: bool
    reachable: bool
    detail: str
    sessions: int = 1


def stop_all(*, direct: bool, as_json: bool) -> Exit:
    """Stop through every running core; over the radio where none has a session, or one does not answer."""
    through = [] if direct else [_through(path) for path in cores()]
    answered = [report for report in through if report is not None]
    if direct or not any(report.sessions for report in answered) or not all(r.confirmed for r in answered):
        files = sorted((state_folder() / "stop").glob("*.json"))
        reports = asyncio.run(_directly(files))
        for path, report in zip(files, reports, strict=True):
            if report.detail.startswith(_NO_SIMULATOR):
                path.unlink(missing_ok=True)
        answered += reports
    if not answered:
        print("massager: nothing to stop: no core runs and no device is known here", file=sys.stderr)
        return Exit.NO_CORE
    for report in answered:
        print(json.dumps(asdict(report)) if as_json else _sentence(report))
    if any(report.reachable and not report.confirmed for report in answered if report.what != "core"):
        return Exit.STOPPED
    return Exit.OK if any(report.confirmed for report in answered) else Exit.LINK


def _sentence(report: StopReport) -> str:
    if report.confirmed:
        return (
            f"{report.what}: stopped, at rest" if report.sessions else f"{report.what}: nothing is in session"
        )
    if not report.reachable:
        return f"{report.what}: not reached. {report.detail}"
    return f"{report.what}: NOT CONFIRMED. {report.detail} {SWITCH_OFF_BY_HAND}"


def _through(path: Path) -> StopReport | None:
    try:
        answer = ask(path, "POST", "/stop")
    except ControlSocketError as error:
        return StopReport("core", confirmed=False, reachable=True, detail=str(error))
    if answer is None:
        return None
    said = answer.body
    return StopReport("core", said["confirmed"], reachable=True, detail="", sessions=said["sessions"])


async def _directly(files: list[Path]) -> list[StopReport]:
    return await asyncio.gather(*map(_direct, files))


async def _direct(path: Path) -> StopReport:
    """Run the guardian's stop-only mode, which needs neither core nor store."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "massager.guardian", "--stop-only", "--stop-file", str(path)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    name = path.stem.rpartition("-")[0]
    try:
        said, _ = await asyncio.wait_for(process.communicate(), DIRECT_S)
        result = json.loads(said)
    except (TimeoutError, ValueError):
        return StopReport(name, confirmed=False, reachable=True, detail="The radio's process gave no answer.")
    reachable = process.returncode != Exit.LINK
    return StopReport(name, bool(result["stopped"]), reachable, result["detail"])

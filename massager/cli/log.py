"""`massager log`: the journal for people's eyes, its chain, and its decisions made again."""

import json
import re
import sys
import time
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

import typer

from massager.app.store_place import data_place, open_store
from massager.cli.exits import Exit
from massager.model.decisions import Reason, Source
from massager.session.history import Filter, HistoryService
from massager.store import Entry
from massager.texts import reason_text, source_text

LAST: Final = 100
# Chosen: soon enough for an eye that waits.
FOLLOW_S: Final = 0.5
_UNITS: Final = {"m": 60, "h": 3600, "d": 86_400}


def choose(*, since: str | None, session: int | None, person: str | None) -> Filter:
    """What is asked for.

    Raises:
        typer.BadParameter: The time is none.
    """
    return Filter(session=session, person=person, since_s=None if since is None else _time(since))


def _time(text: str) -> int:
    span = re.fullmatch(r"(\d{1,6})([mhd])", text)
    if span:
        return int(time.time()) - int(span[1]) * _UNITS[span[2]]
    try:
        return int(datetime.fromisoformat(text).astimezone().timestamp())
    except (ValueError, OverflowError) as error:
        raise typer.BadParameter(
            f"--since {text!r} is no time. Write 90m, 12h, 7d, 2026-11-01 or 2026-11-01T18:30."
        ) from error


def show(wanted: Filter, data: str | None, *, follow: bool, as_json: bool) -> Exit:
    """Print entries, and those to come if followed."""
    with open_store(data_place(data)) as store:
        history = HistoryService(store)
        after = max(0, history.head() - LAST) if wanted.everything else 0
        if after and not as_json:
            print(
                f"massager: {after} earlier entries; ask with --since, --session or --person", file=sys.stderr
            )
        shown = 0
        while True:
            for entry in history.entries(wanted, after=after):
                after = entry.seq
                # Ten lines of them for each of the others; whoever wants them asks for the session.
                if entry.record.kind == "telemetry" and wanted.session is None and not as_json:
                    continue
                shown += 1
                print(json.dumps(asdict(entry)) if as_json else entry_line(entry))
            if not follow:
                break
            sys.stdout.flush()
            time.sleep(FOLLOW_S)
    if not shown and not as_json:
        print("massager: nothing of that kind is on record", file=sys.stderr)
    return Exit.OK


def verify_chain(data: str | None, *, as_json: bool) -> Exit:
    """Follow the hash chain from the first entry to the last."""
    with open_store(data_place(data)) as store:
        verdict = HistoryService(store).verify()
    if as_json:
        print(json.dumps(asdict(verdict)))
    elif verdict.first_bad is None:
        print(f"All {verdict.rows} entries are as they were written.")
    if verdict.first_bad is None:
        return Exit.OK
    print(
        f"massager: the journal was changed from outside: {verdict.what}. The {verdict.rows} before "
        "that are as they were written. Keep the store as it is, and put a backup in its place.",
        file=sys.stderr,
    )
    return Exit.ERROR


def replay_decisions(wanted: Filter, data: str | None, *, as_json: bool) -> Exit:
    """Make the recorded decisions again."""
    made = other = 0
    with open_store(data_place(data)) as store:
        for replayed in HistoryService(store).replay(wanted):
            made += 1
            if replayed.same:
                continue
            other += 1
            entry = replayed.entry
            recorded = None if entry.record.facts is None else entry.record.facts.get("outcome")
            if as_json:
                line = {"seq": entry.seq, "recorded": recorded, "again": replayed.again}
                print(json.dumps(line | {"why_not": replayed.why_not}))
            else:
                print(f"{entry_line(entry)}\n    {_difference(recorded, replayed.again, replayed.why_not)}")
    if as_json:
        print(json.dumps({"decisions": made, "other": other}))
    elif made:
        print(f"{made} decisions made again, {made - other} as recorded.")
    else:
        print("massager: no decision of that kind is on record", file=sys.stderr)
    return Exit.ERROR if other else Exit.OK


def _difference(recorded: object, again: object, why_not: str) -> str:
    if why_not:
        return f"cannot be made again: {why_not}"
    return f"recorded {json.dumps(recorded)}, now {json.dumps(again)}"


def entry_line(entry: Entry) -> str:
    """An entry on one line."""
    record = entry.record
    when = datetime.fromtimestamp(record.unix_s).astimezone()
    about = record.person or ("-" if record.session is None else "forgotten")
    session = "" if record.session is None else f" #{record.session}"
    return f"{entry.seq:>7} {when:%Y-%m-%d %H:%M:%S} {about}{session} {record.kind}: {_what(entry)}"


def _what(entry: Entry) -> str:
    record = entry.record
    facts: Any = record.facts
    if facts is None:
        return f"{record.code} (content gone)"
    match record.kind:
        case "decision":
            return _decision(facts["outcome"])
        case "admitted":
            return f"{record.code}, {facts['outcome']}"
        case "telemetry":
            return f"{record.code}, carriage at {facts['carriage_mm']} mm, {_loads(facts['actuators'])}"
        case "trip" | "stop" | "halt" | "stopped" | "not-admitted":
            detail = {key: facts[key] for key in ("detail", "confirmed") if key in facts}
            return f"{reason_text(Reason(record.code))} {_plain(detail)}".rstrip()
        case _:
            return f"{record.code} {_plain(dict(facts))}".rstrip()


def _decision(outcome: dict[str, Any]) -> str:
    if "refused" in outcome:
        return reason_text(Reason(outcome["refused"]), outcome["detail"])
    where = "" if outcome["carriage_mm"] is None else f" towards {outcome['carriage_mm']} mm"
    return f"strength {max(outcome['levels'])}{where}, {source_text(Source(outcome['source']))}"


def _loads(actuators: Any) -> str:
    loads = ", ".join(f"{each['load_n']} N" for each in actuators)
    return f"strength {max(each['level'] for each in actuators)}, {loads}"


def _plain(facts: dict[str, Any]) -> str:
    return ", ".join(
        f"{key} {_short(value)}" for key, value in facts.items() if value not in ("", None, [], {})
    )


def _short(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)

"""`massager programs`, `massager profile validate` and `massager profile schema`."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from massager.catalog import list_programs, load_program, validate
from massager.catalog.schemas import schema_text
from massager.cli.exits import Exit
from massager.model.errors import InvalidProfileError, NotFoundError
from massager.model.programs import Program


def list_all_programs(profiles: Path | None, *, as_json: bool) -> Exit:
    """Print every program, one a line."""
    for program in list_programs(profiles):
        if as_json:
            print(json.dumps(_facts(program)))
        else:
            minutes = f"{program.seconds / 60:g} min"
            print(f"{program.name:<20} {minutes:>7}  {program.title}")
    return Exit.OK


def show_program(name: str, profiles: Path | None, *, as_json: bool) -> Exit:
    """Print one program.

    Raises:
        NotFoundError: There is none of that name.
    """
    program = load_program(name, profiles)
    if as_json:
        print(json.dumps(_facts(program)))
        return Exit.OK
    severities = ", ".join(severity.name.lower() for severity in program.severities)
    print(f"{program.title} ({program.name}), for {severities} stenosis\n{program.purpose}")
    for step in program.steps:
        print(
            f"  {step.zone:<7} {step.seconds:>4} s  strength {step.strength_permille / 10:g} %  "
            f"{step.pace_mm_s} mm/s"
        )
    return Exit.OK


def _facts(program: Program) -> dict[str, object]:
    return asdict(program) | {
        "seconds": program.seconds,
        "severities": [severity.name.lower() for severity in program.severities],
    }


def show_schema(kind: str) -> Exit:
    """Print the JSON Schema of a kind of file.

    Raises:
        NotFoundError: There is no such kind.
    """
    print(schema_text(kind), end="")
    return Exit.OK


def validate_files(files: list[Path], *, as_json: bool) -> Exit:
    """Check files, all of them, and say what is wrong with each."""
    code = Exit.OK
    for path in files:
        try:
            kind, name = validate(path)
        except (InvalidProfileError, NotFoundError) as error:
            code = Exit.INVALID
            if as_json:
                print(json.dumps({"file": str(path), "valid": False, "problems": str(error).splitlines()}))
            else:
                print(error, file=sys.stderr)
        else:
            if as_json:
                print(json.dumps({"file": str(path), "valid": True, "kind": kind, "name": name}))
            else:
                print(f"{path}: {kind} {name}: ok")
    return code

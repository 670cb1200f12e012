"""The pages against the tree: links, names, commands, words and code blocks hold."""

import re
import shlex
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
import typer

from fault_answers import CASES
from firmware_sim import cli as simulator_cli
from firmware_sim import control_cli, recording_cli
from firmware_sim.faults import KINDS, written
from massager import texts
from massager.catalog import list_devices
from massager.cli import app
from massager.cli.exits import Exit
from massager.conformance import __main__ as conformance
from massager.model.decisions import Reason, Source
from massager.model.history import LockCause

ROOT = Path(__file__).parents[2]
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text()
    for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md")])
}
README = PAGES["README.md"]
SOURCES = "\n".join(
    path.read_text() for top in ("massager", "firmware_sim") for path in (ROOT / top).rglob("*.py")
)

PROMISES = re.compile(
    r"\b(safe|safely|therapy|therapies|therapeutic|treats?|treatments?|reliev\w+|relief|heals?|cures?|proven)\b",
    re.IGNORECASE,
)
DENIAL = "does not diagnose, treat or prevent spinal stenosis or any disease"


def promises(text: str) -> list[str]:
    """Words that promise something; the disclaimer's denial is none."""
    return PROMISES.findall(" ".join(text.split()).replace(DENIAL, ""))


def chapter(page: str, title: str) -> str:
    found = re.search(rf"(?m)^## (?:\d+\. )?{re.escape(title)}$", page)
    assert found, title
    return page[found.end() :].partition("\n## ")[0]


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def anchors(page: str) -> set[str]:
    titles = re.findall(r"(?m)^#+ (.+)$", page)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_all_pages_are_looked_at():
    assert {"README.md", "SAFETY.md", "CONTRIBUTING.md", "CHANGELOG.md"} <= set(PAGES)
    assert {f"docs/{name}.md" for name in ("architecture", "limits", "protocol", "simulator")} <= set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name):
    for target in re.findall(r"\]\(([^)]+)\)", PAGES[name]):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        page = (ROOT / name).parent / path if path else ROOT / name
        assert page.is_file(), target
        assert not anchor or anchor in anchors(page.read_text()), target


@pytest.mark.parametrize("name", PAGES)
def test_no_page_leads_to_a_folder_of_one_machine(name):
    assert not re.search(r"(?<![\w.:/])/(home|root|tmp|work|usr|var|mnt|Users)/", PAGES[name])


# What is promised, and what is read.


@pytest.mark.parametrize("name", PAGES)
def test_no_page_or_profile_promises_anything(name):
    page = PAGES[name]
    if name == "docs/limits.md":
        for title in ("Wording", "Sources"):
            page = page.replace(chapter(page, title), "")
    assert promises(page) == []


@pytest.mark.parametrize(
    "path", sorted((ROOT / "profiles").rglob("*.yaml")), ids=lambda p: f"{p.parent.name}/{p.name}"
)
def test_no_profile_promises_anything(path):
    assert promises(path.read_text()) == []


def test_no_sentence_of_the_product_promises_anything():
    sentences = [texts.DISCLAIMER, texts.SWITCH_OFF_BY_HAND, texts.SEE_A_PROVIDER]
    sentences += [texts.lock_cause_text(cause) for cause in LockCause]
    sentences += [texts.reason_text(reason) for reason in Reason]
    sentences += [texts.source_text(source) for source in Source]
    assert promises(" ".join(sentences)) == []


def test_the_words_of_the_page_are_the_words_that_are_looked_for():
    for word in re.findall(r'"(\w+)"', chapter(PAGES["docs/limits.md"], "Wording")):
        assert promises(f"It {word}.") == [word], word


def test_the_readme_denies_and_warns_in_the_words_of_the_product():
    for sentence in re.findall(r"[^.]+\.", texts.DISCLAIMER):
        assert sentence.strip() in " ".join(README.split())
    assert "not clinically reviewed" in README
    assert "call your emergency number" in README


# What is named.


@pytest.mark.parametrize(
    "title",
    [
        "What it refuses, and whom it is not for",
        "Start, with the simulator and no hardware",
        "Supported devices",
        "The way of one command",
        "The way of one notification",
        "Exit codes",
        "Further",
    ],
)
def test_the_readme_has_its_chapters(title):
    assert chapter(README, title).strip()


def test_the_readme_has_its_chapters_in_their_order():
    titles = re.findall(r"(?m)^## (.+)$", README)
    assert titles[0].startswith("What it refuses")
    places = [README.index(f"## {title}") for title in titles]
    assert all(before < after for before, after in pairwise(places))
    assert titles[-1] == "Further"


@pytest.mark.parametrize("title", ["The way of one command", "The way of one notification"])
def test_every_name_on_the_ways_is_a_name_in_the_code(title):
    names = [n for n in re.findall(r"`([^`]+)`", chapter(README, title)) if re.fullmatch(r"[\w.]+", n)]
    assert len(names) > 8
    for name in names:
        for part in name.split("."):
            assert re.search(rf"\b(?:def|class) {part}\b", SOURCES), name


def test_every_exit_code_is_in_the_readme_and_no_other():
    codes = [int(code) for code in re.findall(r"(?m)^\| (\d+) \|", chapter(README, "Exit codes"))]
    assert codes == sorted(Exit)


def test_every_device_is_in_the_table_and_no_other():
    table = [line for line in chapter(README, "Supported devices").splitlines() if line.startswith("|")][2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    told = [(row[0], row[1].strip("`"), row[3], row[4]) for row in cells]
    assert told == [
        (device.title, device.name, device.stop_class.value, ", ".join(device.firmware))
        for device in list_devices()
    ]


def test_every_room_has_its_floor_on_the_page():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    floors = {
        room.strip(" ()"): str(len(layers) - 1 - index)
        for index, layer in enumerate(layers)
        for room in layer.split("|")
    }
    rows = re.findall(
        r"(?m)^\| (\S+) \| `(\w+)` \|", chapter(PAGES["docs/architecture.md"], "Rooms on floors")
    )
    assert {room: floor for floor, room in rows if floor != "-"} == floors


def test_every_folder_of_tests_is_on_the_page():
    page = chapter(PAGES["docs/architecture.md"], "What is tested how")
    folders = {path.parent.relative_to(ROOT).parts[1] for path in (ROOT / "tests").rglob("test_*.py")}
    assert {name for name in folders if f"`tests/{name}`" not in page} == set()


# What one can type.

HELP = {
    name: command.format_help()
    for name, command in recording_cli._parser()._subparsers._group_actions[0].choices.items()
} | {"control": control_cli._parser().format_help()}


def commands(page: str) -> list[list[str]]:
    """The lines of the shell blocks, and what stands in backticks and begins with a program of ours."""
    lines = [line for block in blocks(page, "sh") for line in block.splitlines() if line.strip()]
    lines += re.findall(r"`((?:massager|make|python -m firmware_sim) [^`]+)`", page)
    return [shlex.split(line, comments=True) for line in lines]


def checked(words: list[str]) -> None:
    """Whether a command and its options exist; nothing is run."""
    program = words[0].removeprefix(".venv/bin/")
    if program == "make":
        targets = re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text())
        assert words[1] in targets, words
    elif program == "massager":
        command = typer.main.get_command(app)
        follows = iter(words[1:])
        for word in follows:
            options = {name: parameter for parameter in command.params for name in parameter.opts}
            if word.startswith("--"):
                assert word in options.keys() | {"--help"}, words
                if word in options and not options[word].is_flag:
                    next(follows)
            elif hasattr(command, "commands") and word in command.commands:
                command = command.commands[word]
            else:
                assert not getattr(command, "commands", {}), words
    elif program == "python":
        assert words[1] == "-m", words
        if words[2] == "massager.conformance":
            known = conformance._parser().format_help()
            assert all(word in known for word in words if word.startswith("--")), words
            return
        assert words[2] == "firmware_sim", words
        known = HELP.get(words[3], simulator_cli._parser().format_help())
        assert all(word in known for word in words if word.startswith("--")), words
    else:
        raise AssertionError(words)


@pytest.mark.parametrize("name", PAGES)
def test_every_command_on_a_page_exists(name):
    for words in commands(PAGES[name]):
        checked(words)


def test_the_readme_shows_the_two_commands_and_the_two_programs():
    shown = [" ".join(words) for words in commands(README)]
    for command in ("make demo", "make test", ".venv/bin/python -m firmware_sim", ".venv/bin/massager run"):
        assert any(line.startswith(command) for line in shown), command


def test_every_flag_and_fault_of_the_simulator_is_on_its_page():
    page = PAGES["docs/simulator.md"]
    for option in simulator_cli._parser()._option_string_actions:
        assert option in {"-h", "--help"} or f"`{option}" in page, option
    for option in set(re.findall(r"--[a-z]+", "".join(HELP.values()))) - {"--help"}:
        assert option in page, option
    for name, kind in KINDS.items():
        sentence = kind.sentence[0].lower() + kind.sentence[1:].removesuffix(".")
        assert f"| `{written(name)}` | {kind.side} | {sentence} |" in page


def test_what_massager_does_about_each_fault_is_what_the_sessions_show():
    rows = [line.split("|") for line in PAGES["docs/simulator.md"].splitlines() if line.startswith("| `")]
    told = {cells[1].strip(" `").partition(":")[0].rstrip("["): cells[4] for cells in rows if len(cells) == 6}
    shown: dict[str, set[str]] = {}
    for case in CASES:
        shown.setdefault(case.name, set()).add(case.answer)
    answers = {name: set(re.findall(r"\*\*(.+?)\*\*", cell)) for name, cell in told.items()}
    assert {name: answers.get(name) for name in shown} == shown


SNIPPETS = [(name, code) for name, page in PAGES.items() for code in blocks(page, "python")]


@pytest.mark.parametrize(("name", "code"), SNIPPETS, ids=[name for name, _ in SNIPPETS])
def test_every_python_block_runs_as_it_stands(name, code):
    exec(compile(code, name, "exec"), {"__name__": "__main__"})  # noqa: S102 - the page is ours


def test_there_is_a_block_to_run():
    assert any(name == "docs/simulator.md" for name, _ in SNIPPETS)

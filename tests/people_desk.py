"""Runs the commands about people in this process, and words for the most common of them."""

import json
import sys

import pytest

from massager.cli import main
from massager.cli.exits import Exit
from people_rig import PASSPHRASE

PERSON = ("person", "add", "anna", "--region", "lumbar=mild", "--attested", "--born", "1980")
MEASURE = ("person", "calibrate", "anna", "--device-profile", "chair", "--c7-mm", "40", "--psis-mm", "549")
SCREEN = ("person", "screen", "anna", "--usual-pain", "2", "--no-to-the-rest", "--yes")
KEEP_OUT = ("person", "keep-out", "add", "anna", "--name", "scar", "--from", "L2", "--to", "L3")
RECORD = (
    "clearance",
    "record",
    "anna",
    "--provider",
    "Dr Ames",
    "--region",
    "lumbar",
    "--modality",
    "roller",
)


class Desk:
    """Runs commands in this process, on a store of their own, with nobody at the keyboard."""

    def __init__(self, folder, monkeypatch, capsys) -> None:
        self.folder = folder
        self._patch, self._capsys = monkeypatch, capsys
        self.passphrase = self.file("passphrase", PASSPHRASE + "\n")
        self.code, self.out, self.err = None, "", ""

    def file(self, name, content, *, mode=0o600):
        path = self.folder / name
        path.write_text(content)
        path.chmod(mode)
        return path

    def run(self, *words):
        """Run a command; what it said stands in `out` and `err`."""
        self._patch.setattr(sys, "argv", ["massager", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        self.out, self.err = self._capsys.readouterr()
        self.code = Exit(ended.value.code)
        assert PASSPHRASE not in self.out + self.err
        return self

    def signed(self, *words):
        """Run it with the caregiver's passphrase."""
        return self.run(*words, "--passphrase-file", self.passphrase)

    def ok(self, *words):
        """Run it signed in, to its good end."""
        self.signed(*words)
        assert self.code is Exit.OK, self.err
        return self

    def shown(self, name="anna"):
        """What is on record."""
        assert self.run("person", "show", name, "--json").code is Exit.OK, self.err
        return json.loads(self.out)

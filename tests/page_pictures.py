"""The pictures of the page's screens in docs/pictures/page: `make pictures` takes them anew.

The tests in tests/browser take each as they look at the screen. A mark of all that a screen is made of lies
beside them, and tests/docs/test_screens_page.py is red once that has changed and they have not.
"""

import hashlib
import os
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs/pictures/page"
MARK = FOLDER / "made-of"
WANTED = "MASSAGER_PICTURES" in os.environ
_MADE_OF = ("massager/web/templates/**/*.html", "massager/web/static/*", "massager/texts/english*.py")


def file_of(name):
    """Where the picture of a screen lies, by what a test calls the screen."""
    return FOLDER / f"{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-')}.png"


def made_of():
    """A mark of templates, styles and words."""
    found = hashlib.sha256()
    for pattern in _MADE_OF:
        for path in sorted(ROOT.glob(pattern)):
            found.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


if __name__ == "__main__":
    MARK.write_text(f"{made_of()}\n")

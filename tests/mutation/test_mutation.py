"""The mutation run: what it changes, that it tells what is noticed from what is not."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from mutation.mutants import Mutator

HERE = Path(__file__).parent


def changes(source):
    found = Mutator(textwrap.dedent(source), {"Colour": ("RED", "BLUE")}).mutants
    return {mutant.text for mutant in found}


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        ("a = b < c", {"a = b <= c", "a = b >= c"}),
        ("a = b >= c", {"a = b > c", "a = b < c"}),
        ("a = b == c", {"a = b != c"}),
        ("a = b is None", {"a = b is not None"}),
        ("a = b in c", {"a = b not in c"}),
        ("a = b < c < d", {"a = b <= c < d", "a = b >= c < d", "a = b < c <= d", "a = b < c >= d"}),
        ("a = b - c", {"a = b + c"}),
        ("a = b // c", {"a = b * c"}),
        ("a = -b", {"a = b"}),
        ("a = not b", {"a = b"}),
        ("a = b and c", {"a = b or c", "a = b", "a = c"}),
        ("a = b or c or d", {"a = b and c and d", "a = b or c", "a = b or d", "a = c or d"}),
        ("a = 7", {"a = 8", "a = 6"}),
        ("a = True", {"a = False"}),
        ("a = min(b)", {"a = max(b)"}),
        ("a = all(b)", {"a = any(b)"}),
        ("a = f(b, key=c)", {"a = f(b)"}),
        ("a = f(b, strict=True)", {"a = f(b, strict=False)"}),
        ("a = Colour.RED", {"a = Colour.BLUE"}),
        ("a = Colour.BLUE", {"a = Colour.RED"}),
        ("f(a)", {"without: f(a)"}),
        ("if a:\n    b", {"if not a:", "without: b"}),
        ("a = [b for b in c if d]", {"a = [b for b in c if not d]"}),
        ("def f(a=1): ...", {"def f(a=2):", "def f(a=0):"}),
        ("def f():\n    return a", {"return None for: return a"}),
        ("def f() -> bool:\n    return a", {"return True for: return a", "return False for: return a"}),
        ("def f():\n    if a is b:\n        return None", {"if a is not b:", "without: return None"}),
        ("def f():\n    a = b\n    a += c", {"without: a = b", "without: a += c", "a -= c"}),
        ("def f():\n    a.b = c", {"without: a.b = c"}),
        ("def f():\n    raise a", {"without: raise a"}),
        ("a: Annotated[int, Field(ge=1)] = b", {f"a: Annotated[int, Field(ge={n})] = b" for n in (0, 2)}),
        ("match a:\n    case Colour.RED:\n        b = c", {"case Colour.BLUE:"}),
    ],
)
def test_each_kind_of_change_is_made(source, changed):
    assert changes(source) == changed


@pytest.mark.parametrize(
    "source",
    [
        '"""Words."""',
        'a = "words"',
        'a = f"{b + 1}"',
        "a: int | None",
        "a = int | None",
        "@f(b=True)\nclass A(B, c=1): ...",
    ],
)
def test_words_and_types_are_let_be(source):
    assert changes(source) == set()


def test_a_change_is_named_by_the_function_that_it_acts_in():
    source = """
        class A:
            b = 1
            def f(self, c=2):
                return [lambda: 3]
        """
    found = {one.text: (one.scope, one.function) for one in Mutator(textwrap.dedent(source), {}).mutants}
    assert found["b = 2"] == ("A", "")
    assert found["def f(self, c=3):"] == ("A.f", "")
    assert found["return [lambda: 4]"] == ("A.f", "A.f")


TRY = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from mutation.mutants import Mutator
from mutation.trial import Room, Suspect, survivors
root, file = Path.cwd(), "massager/toy.py"
changed = Mutator((root / file).read_text(), {})
room = Room("toy", (file,), ("tests/test_toy.py",))
for one in survivors(root, [Suspect(room, file, mutant) for mutant in changed.mutants], {file: changed}):
    print(one.mutant.text)
"""

TOY = """
LIMIT = 3
FACTORS = {"left": 2}

def allowed(level) -> bool:
    if level > LIMIT:
        return False
    return True

class Doubler:
    @property
    def factor(self):
        return FACTORS["left"]

    def of(self, number):
        return self.factor * number + 0
"""

TESTS = """
from massager.toy import Doubler, allowed

def test_one_is_allowed_and_nine_is_not():
    assert allowed(1)
    assert not allowed(9)

def test_twice_three_is_six():
    assert Doubler().of(3) == 6
"""

SETTINGS = """
[tool.pytest.ini_options]
testpaths = ["tests"]
pythonpath = ["."]
asyncio_default_fixture_loop_scope = "function"
"""


def tried(folder, tests):
    for name, text in (
        ("massager/__init__.py", ""),
        ("massager/toy.py", TOY),
        ("tests/test_toy.py", tests),
        ("pyproject.toml", SETTINGS),
    ):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    command = [sys.executable, "-c", TRY, str(HERE.parent)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)


def test_what_no_test_notices_is_told_from_what_one_notices(tmp_path):
    run = tried(tmp_path, TESTS)
    assert run.stdout.splitlines() == [
        "LIMIT = 4",
        "LIMIT = 2",
        "if level >= LIMIT:",
        "return self.factor * number - 0",
    ], run.stderr


@pytest.mark.parametrize(
    "tests",
    [
        TESTS.replace("== 6", "== 7"),
        TESTS.replace("import Doubler", "import Tripler"),
        TESTS + "\ndef test_odd():\n    if not allowed(3):\n        raise OSError('out of files')\n",
    ],
    ids=["a red test", "tests that cannot be imported", "an error of the system"],
)
def test_a_run_that_can_say_nothing_is_broken_and_not_green(tmp_path, tests):
    run = tried(tmp_path, tests)
    assert run.returncode != 0
    assert "BrokenTrialError" in run.stderr

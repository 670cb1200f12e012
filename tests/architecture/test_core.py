"""What the pure core may not contain, read from its source."""

import ast
from pathlib import Path

import pytest

import massager

ROOT = Path(massager.__file__).parent
CORE = [p for room in ("model", "safety", "routine", "protocol") for p in sorted((ROOT / room).glob("*.py"))]
ALL = sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", CORE, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_the_core_has_no_floats(path):
    for node in ast.walk(ast.parse(path.read_text())):
        is_float = isinstance(node, ast.Constant) and isinstance(node.value, float)
        divides = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
        assert not is_float, f"line {node.lineno}"
        assert not divides, f"line {node.lineno}"


@pytest.mark.parametrize("path", ALL, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_check_is_an_assert_that_python_o_would_strip(path):
    assert not any(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(path.read_text())))


def test_leases_are_redeemed_and_commands_written_in_one_place_each():
    redeemed = [p.name for p in ALL if ".redeem(" in p.read_text()]
    assert redeemed == ["drive.py"]
    written = [p.name for p in ALL if "write_gatt_char(" in p.read_text()]
    assert written == ["transport.py"]


def test_bleak_is_imported_in_one_file():
    assert [p.name for p in ALL if "import bleak" in p.read_text() or "from bleak" in p.read_text()] == [
        "transport.py"
    ]

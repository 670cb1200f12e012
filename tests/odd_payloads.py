"""Payloads that nobody means well: out of range, no number, huge, nested, binary; many, and repeatable."""

import json
import random

# What a broker hands on at most; one that is longer is for the broker to keep.
LONGEST = 1024

_NUMBERS = (
    *(
        "NaN",
        "-NaN",
        "Infinity",
        "-Infinity",
        "1e400",
        "-1e400",
        "1e-400",
        "0x10",
        "1_0",
        "\u0661\u0662",
        "\u0665\u0660",
        "\u00bd",
        "\u2163",
    ),
    *("-0", "-0.0", "-1", "-100", "101", "255", "256", "65536", "2147483648", "-2147483649", "9" * 400),
    *(
        "1.5",
        "50.0",
        "50.00",
        "0050",
        "+50",
        " 50",
        "50 ",
        "50\n",
        "50%",
        "5e1",
        "1/2",
        "true",
        "null",
        "None",
    ),
)
_WORDS = (
    *("", " ", "\0", "STOP", "START", "PAUSE", "ON", "OFF", "on", "stop", "START ", "\ufeffSTART", "ST\0OP"),
    *("gentle-lumbar", "../../etc/passwd", "gentle-lumbar\0", "'; drop table person; --", "{{7*7}}", "%s%n"),
    *("\u202eTRATS", "\U0001f4a5", "e\u0301" * 50, "a" * LONGEST, "<script>alert(1)</script>"),
)
_BOMBS = (
    "[" * 1000,
    "{" * 1000,
    '{"level":' * 100 + "1" + "}" * 100,
    '{"a":' * 110,
    "[" * 500 + "]" * 500,
    '{"level": ' + "9" * 1000 + "}",
    '{"level": 1e' + "9" * 900 + "}",
    '{"level": 50, "level": 100}',
    '{"level": "\\ud800"}',
    '{"id": "' + "\\u0000" * 150 + '"}',
    '"' + "\\" * 1000,
)
_KEYS = (
    "level",
    "heat",
    "program",
    "start",
    "pause",
    "stop",
    "person",
    "id",
    "at",
    "limit",
    "max",
    "remote",
    "",
)


def _value(chance: random.Random, depth: int = 0) -> object:
    """Anything that JSON can say, and some that it cannot."""
    kinds = 9 if depth < 4 else 7
    match chance.randrange(kinds):
        case 0:
            return chance.choice((True, False, None))
        case 1:
            return chance.randint(-200, 200)
        case 2:
            return chance.choice((float("nan"), float("inf"), -float("inf"), 1e308, -1e-308, 0.1, 49.999))
        case 3:
            return chance.choice((-1, 1)) * 10 ** chance.randint(3, 300)
        case 4:
            return chance.choice(_WORDS)[:200]
        case 5:
            return chance.choice(_NUMBERS)[:50]
        case 6:
            return "".join(
                chr(chance.choice((chance.randrange(32), chance.randrange(0xD800)))) for _ in range(9)
            )
        case 7:
            return [_value(chance, depth + 1) for _ in range(chance.randrange(4))]
        case _:
            return {chance.choice(_KEYS): _value(chance, depth + 1) for _ in range(chance.randrange(4))}


def _one(chance: random.Random, order: str) -> bytes:
    match chance.randrange(6):
        case 0:
            return chance.randbytes(chance.randrange(64))
        case 1:
            return chance.choice(_NUMBERS).encode()
        case 2:
            return chance.choice(_WORDS).encode()
        case 3:
            return chance.choice(_BOMBS).encode()
        case 4:
            fields = {chance.choice((*_KEYS, order, order, order)): _value(chance) for _ in range(3)}
            return json.dumps(fields).encode()
        case _:
            # A whole command with one byte of it otherwise.
            right = bytearray(
                json.dumps({order: chance.choice(("ON", "OFF", 0, 5, 50, 100, order.upper()))}).encode()
            )
            right[chance.randrange(len(right))] = chance.randrange(256)
            return bytes(right)


def odd_payloads(order: str, count: int, seed: int) -> list[bytes]:
    """So many for one command, none longer than a broker hands on."""
    chance = random.Random(f"{order} {seed}")  # noqa: S311 - repeatable, not secret
    return [_one(chance, order)[:LONGEST] for _ in range(count)]

"""The picture of docs/simulator.md: what each model's mechanics do when they are told to do something else.

`python -m sim.step_responses` in tests/ writes it anew.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from firmware_sim.chair import Chair
from firmware_sim.cushion import Cushion
from firmware_sim.handheld import Handheld
from firmware_sim.plant import Plant
from firmware_sim.wire import Set

PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "step-responses.svg"
WIDE, HIGH, LEFT, TOP = 240, 110, 44, 26
SAMPLES = 240

Curve = list[tuple[float, float]]


def told(*levels: int, carriage_mm: int | None = None) -> Set:
    return Set(
        seq=1,
        epoch=1,
        lease_ms=2000,
        carriage_mm=carriage_mm,
        half_width_mm=None,
        pace_mm_s=40,
        levels=levels,
    )


def curve(
    plant: Plant, seconds: float, orders: Iterable[tuple[float, Set]], measure: Callable[[Plant], float]
) -> Curve:
    """A plant that is told these things at these seconds, measured evenly over its time."""
    waiting = sorted(orders, key=lambda order: order[0])
    points = []
    for step in range(SAMPLES + 1):
        while waiting and waiting[0][0] <= step * seconds / SAMPLES + 1e-9:
            plant.apply(waiting.pop(0)[1])
        points.append((step * seconds / SAMPLES, measure(plant)))
        plant.step(seconds / SAMPLES)
    return points


def pads(level: int) -> Set:
    return told(*(0,) * 8, level, level)


def motors(level: int) -> Set:
    return told(*(level,) * 8, 0, 0)


def panels() -> list[tuple[str, str, str, list[Curve]]]:
    """Title, unit of the time, unit of the value, and curves."""
    steps = [(0.2, told(10, 10)), (1.4, told(4, 4)), (2.2, told(0, 0))]
    chair = curve(Chair(), 3, steps, lambda plant: plant.readings()[0].force_n)
    go = [(0.2, told(0, 0, carriage_mm=500)), (1.8, told(0, 0, carriage_mm=560))]
    place = curve(Chair(), 6, go, lambda plant: plant.carriage_mm or 0)
    shake = curve(
        Cushion(),
        2,
        [(0.2, motors(10)), (0.9, motors(3)), (1.4, motors(0))],
        lambda plant: plant.readings()[0].force_n,
    )
    warm = [
        curve(
            Cushion(),
            300,
            [(10, pads(level)), (200, pads(0))],
            lambda plant: plant.readings()[8].temp_c or 0,
        )
        for level in (1, 3, 5)
    ]
    charge = [
        curve(Handheld(), 9000, [(0, told(level))], lambda plant: plant.battery_percent)
        for level in (10, 5, 1)
    ]
    strike = curve(
        Handheld(),
        2,
        [(0.2, told(10)), (0.9, told(3)), (1.4, told(0))],
        lambda plant: plant.readings()[0].freq_hz or 0,
    )
    return [
        ("Chair: levels 10, 4, 0", "s", "N", [chair]),
        ("Chair: carriage to 500, then 560 mm", "s", "mm", [place]),
        ("Cushion: motor, levels 10, 3, 0", "s", "N", [shake]),
        ("Cushion: pad, levels 1, 3, 5, then 0", "s", "°C", warm),
        ("Hand-held: head, levels 10, 3, 0", "s", "Hz", [strike]),
        ("Hand-held: charge at levels 10, 5, 1", "s", "%", charge),
    ]


def picture() -> str:
    box = f"0 0 {3 * (WIDE + 60) + 10} {2 * (HIGH + 62) + 6}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" font-family="sans-serif" font-size="11">',
        "<title>Step responses of the simulated massagers</title>",
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for index, (title, time, unit, curves) in enumerate(panels()):
        x, y = LEFT + (index % 3) * (WIDE + 60), TOP + (index // 3) * (HIGH + 62)
        parts.append(panel(x, y, title, time, unit, curves))
    return "\n".join([*parts, "</svg>", ""])


def panel(x: int, y: int, title: str, time: str, unit: str, curves: list[Curve]) -> str:
    values = [value for each in curves for _, value in each]
    low, high, end = min(values), max(values), curves[0][-1][0]
    lines = [
        f'<g transform="translate({x} {y})">',
        f'<text x="0" y="-9" font-weight="bold">{title}</text>',
        f'<path d="M0 0V{HIGH}H{WIDE}" fill="none" stroke="#444"/>',
        f'<text x="-4" y="9" text-anchor="end">{high:.0f}</text>',
        f'<text x="-4" y="{HIGH}" text-anchor="end">{low:.0f}</text>',
        f'<text x="-4" y="{HIGH // 2}" text-anchor="end">{unit}</text>',
        f'<text x="0" y="{HIGH + 14}">0</text>',
        f'<text x="{WIDE}" y="{HIGH + 14}" text-anchor="end">{end:.0f} {time}</text>',
    ]
    for number, each in enumerate(curves):
        points = " ".join(
            f"{at / end * WIDE:.1f},{HIGH - (value - low) / (high - low) * HIGH:.1f}" for at, value in each
        )
        dash = ("", ' stroke-dasharray="6 3"', ' stroke-dasharray="2 3"')[number]
        lines.append(f'<polyline points="{points}" fill="none" stroke="#0b5" stroke-width="1.6"{dash}/>')
    return "\n".join([*lines, "</g>"])


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")

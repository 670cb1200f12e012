"""Run a program and watch it: python examples/one_session.py RADIO, where a simulator listens.

One starts with: python -m firmware_sim --model chair --listen tcp:127.0.0.1:9101
"""

import asyncio
import sys

import massager
from massager.model.errors import MassagerError

ENOUGH = 12  # looks while the rollers touch; there are four a second


async def main(radio: str) -> None:
    """Half a minute of rollers; they touch for three seconds, and leave early."""
    async with massager.open("gentle-lumbar", radio=radio, seconds=30, confirmed=True) as session:
        touched = 0
        async for state in session.states():
            print(f"{state.stage:10} asked {state.asked}, reported {state.reported}, {state.left_s} s left")
            touched += bool(state.reported)
            if touched > ENOUGH:
                break
    ending = await session.ended()
    print(f"{ending.reason}; at rest: {ending.confirmed}")


try:
    asyncio.run(main(sys.argv[1]))
except MassagerError as error:
    sys.exit(f"one_session: {error}")

"""Pipes that nobody waits for."""

import asyncio
import os

from guardian.rig import lease, permit, reading
from massager.guardian.messages import GiveLease, GivePermit, State, down_from_line, to_line, up_from_line
from massager.guardian.pipes import LINE_LONGEST, LineReader, LineWriter


async def lines_of(fd, count):
    os.set_blocking(fd, False)
    data = b""
    while data.count(b"\n") < count:
        await asyncio.sleep(0)
        try:
            data += os.read(fd, 65536)
        except BlockingIOError:
            continue
    return data.split(b"\n")[:-1]


def filled():
    """A pipe with no room, its reader's end, and a writer on it in the middle of a line."""
    theirs, ours = os.pipe()
    writer = LineWriter(ours)
    for _ in range(3):
        writer.keep(b"x" * 60_000 + b"\n")
    return theirs, writer


def test_on_a_full_pipe_the_newest_wins_kept_lines_keep_their_order_and_urgent_ones_go_next():
    async def main():
        theirs, writer = filled()
        for index in range(50):
            writer.newest(b"state %d\n" % index)
        writer.keep(b"first\n")
        writer.keep(b"second\n")
        lines = await lines_of(theirs, 6)
        assert [len(line) for line in lines[:3]] == [60_000] * 3
        assert lines[3:] == [b"first", b"second", b"state 49"]
        writer.close()
        os.close(theirs)

    asyncio.run(main())


def test_an_urgent_line_finishes_the_begun_one_overtakes_all_others_and_voids_the_newest():
    async def main():
        theirs, writer = filled()
        writer.newest(b"lease\n")
        writer.urgent(b"stop\n")
        lines = await lines_of(theirs, 4)
        assert len(lines[0]) == 60_000  # the ones that fitted, and the one that was begun
        assert lines.index(b"stop") == 2
        assert b"lease" not in lines
        writer.close()
        os.close(theirs)

    asyncio.run(main())


def test_a_pipe_whose_reader_is_gone_is_silence():
    async def main():
        theirs, ours = os.pipe()
        writer = LineWriter(ours)
        os.close(theirs)
        writer.keep(b"anybody?\n")
        writer.keep(b"no\n")
        writer.close()

    asyncio.run(main())


def test_lines_arrive_whole_and_the_end_is_told_once():
    async def main():
        theirs, ours = os.pipe()
        lines, ends = [], []
        LineReader(theirs, line=lines.append, end=lambda: ends.append(1))
        os.write(ours, b"one\ntw")
        await asyncio.sleep(0.01)
        os.write(ours, b"o\nthr")
        os.close(ours)
        while not ends:  # noqa: ASYNC110 - a list is all there is to see
            await asyncio.sleep(0.01)
        assert (lines, ends) == ([b"one", b"two"], [1])

    asyncio.run(main())


def test_a_line_without_end_is_handed_over_as_nonsense_and_not_hoarded():
    async def main():
        theirs, ours = os.pipe()
        lines = []
        reader = LineReader(theirs, line=lines.append, end=lambda: None)
        os.set_blocking(ours, False)
        sent = 0
        while not lines:
            try:
                sent += os.write(ours, b"x" * 65536)
            except BlockingIOError:
                await asyncio.sleep(0)
        assert sent <= LINE_LONGEST + 4 * 65536
        reader.close()
        os.close(ours)

    asyncio.run(main())


def test_messages_survive_the_pipe():
    for message in (GivePermit(permit(5)), GiveLease(lease(1, 2, 3, 4, carriage_mm=450))):
        assert down_from_line(to_line(message)[:-1]) == message
    assert up_from_line(to_line(State(reading()))[:-1]) == State(reading())

"""Whoever guesses waits, under whichever address; whoever stops never does, whatever else is in the way."""

import asyncio
import json
import threading
import time

import httpx
import pytest
from websockets.asyncio.client import connect

from massager.web import live as live_module
from massager.web.door import Door
from massager.web.security import BODY_LONGEST
from massager.web.throttle import FREE_FOR_ALL, FREE_TRIES, Throttle
from web_rig import page_in

PIN = "493201"
WISH = {"program": "gentle-lumbar", "person": "anna", "device": "left", "confirmed": True}


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("192.168.1.7", "192.168.1.8", False),
        ("192.168.1.7", "::ffff:192.168.1.7", True),
        ("2001:db8::1", "2001:db8::2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("", "192.168.1.7", False),
    ],
)
def test_who_may_take_many_addresses_is_counted_as_one(one, other, shared):
    throttle = Throttle()
    for _ in range(FREE_TRIES):
        throttle.failed(one, 100.0)
    assert throttle.wait_s(one, 100.0) == 2
    assert throttle.wait_s(other, 100.0) == (2 if shared else 0)
    throttle.succeeded(other)
    assert throttle.wait_s(one, 100.0) == (0 if shared else 2)


def test_whoever_takes_another_address_for_each_try_waits_all_the_same():
    throttle = Throttle()
    for number in range(FREE_FOR_ALL):
        assert throttle.wait_s(f"10.0.0.{number}", 100.0) == 0
        throttle.failed(f"10.0.0.{number}", 100.0)
    assert throttle.wait_s("10.1.1.1", 100.0) == 2
    for number in range(2000):
        throttle.failed(f"10.0.1.{number}", 100.0)
    assert throttle.wait_s("10.1.1.1", 100.0) == 600
    throttle.succeeded("10.1.1.1")
    assert throttle.wait_s("10.1.1.1", 100.0) == 0


async def guess(page, **headers):
    """One wrong PIN; the status."""
    told = await page.browser.post(
        "/api/v1/sessions", json=WISH, headers={"Massager-Pin": "000000"} | headers
    )
    return told.status_code


async def test_nobody_gives_themselves_another_address(tmp_path):
    async with page_in(tmp_path, door=Door(pin=PIN)) as page:
        said = [{"X-Forwarded-For": f"10.0.0.{n}", "Forwarded": f"for=10.0.0.{n}"} for n in range(7)]
        assert [await guess(page, **headers) for headers in said] == [401] * FREE_TRIES + [429] * 2


async def test_a_proxy_on_this_computer_says_who_asks(tmp_path):
    async with page_in(tmp_path, door=Door(pin=PIN), proxied=True) as page:
        for number in range(FREE_TRIES + 1):
            assert await guess(page, **{"X-Forwarded-For": f"10.0.0.{number}"}) == 401
        # What a client put there itself stands before what the proxy adds.
        forged = [{"X-Forwarded-For": f"10.9.9.{n}, 10.0.1.1"} for n in range(7)]
        assert [await guess(page, **headers) for headers in forged] == [401] * FREE_TRIES + [429] * 2


async def stopped_by_each_door(page, number):
    """A stop by form, by program, of one session and over the socket: what each is answered."""
    async with httpx.AsyncClient(base_url=page.url, timeout=30) as client:
        answers = [
            await client.post(f"/api/v1/sessions/{number}/stop"),
            await client.post("/stop"),
            await client.post("/stop", headers={"Accept": "text/html"}),
        ]
    async with connect(page.url.replace("http", "ws") + "api/v1/live") as live:
        await live.send('{"stop": true}')
        async with asyncio.timeout(30):
            while "stopped" not in (told := json.loads(await live.recv())):
                pass
    return [answer.status_code for answer in answers], told["stopped"]["confirmed"]


async def test_a_stop_never_waits_for_the_throttle(tmp_path):
    door = Door()
    async with page_in(tmp_path, door=door) as page:
        number = await page.start()
        await page.until_pressing(number)
        door.pin = PIN
        for other in range(FREE_FOR_ALL):
            door.opens(f"10.0.0.{other}", "000000", time.monotonic())
        assert await guess(page) == 429
        for _ in range(30):
            assert (await page.post("/stop")).status == 200
        assert await stopped_by_each_door(page, number) == ([200] * 3, True)


async def test_a_stop_does_not_wait_for_the_store(tmp_path):
    """Its thread hangs; a session stops by itself two seconds after that."""
    async with page_in(tmp_path) as page:
        number = await page.start()
        await page.until_pressing(number)
        go_on = threading.Event()
        hanging = asyncio.create_task(page.memory.do(go_on.wait))
        try:
            async with asyncio.timeout(1.5):
                async with httpx.AsyncClient(base_url=page.url) as client:
                    assert (await client.post("/stop")).json()["confirmed"]
        finally:
            go_on.set()
            await hanging


async def test_a_stop_is_taken_from_whoever_sends_a_flood_with_it(tmp_path):
    async def endless():
        for _ in range(4 * BODY_LONGEST // 1024):
            yield b"x" * 1024

    async with page_in(tmp_path) as page:
        number = await page.start()
        await page.until_pressing(number)
        async with httpx.AsyncClient(base_url=page.url, timeout=30) as client:
            told = await client.post("/stop", content=b"x" * 4 * BODY_LONGEST)
            assert (told.status_code, told.json()["sessions"]) == (200, 1)
            assert (await client.post("/stop", content=endless())).status_code == 200
            odd = {"Host": "evil.example", "Origin": "null", "Cookie": "look=" + "x" * 4000}
            assert (await client.post(f"/api/v1/sessions/{number}/stop", headers=odd)).status_code == 200


async def test_a_stop_is_taken_where_no_more_may_look(tmp_path, monkeypatch):
    monkeypatch.setattr(live_module, "MOST", 0)
    async with page_in(tmp_path) as page:
        number = await page.start()
        await page.until_pressing(number)
        async with connect(page.url.replace("http", "ws") + "api/v1/live") as live:
            await live.wait_closed()
        assert (await page.post("/stop")).status == 200
        assert "stop" in {one.kind for one in page.chair.sent}

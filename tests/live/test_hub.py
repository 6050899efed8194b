"""Waking who waits: by topic, from any thread, to the end of the process; and between processes on PostgreSQL."""

import asyncio
import json
import threading

import psycopg
import pytest
from django.db import connection

from alpheus.live import events, postgresql
from alpheus.live.events import BEAT, Event
from alpheus.live.hub import Hub
from alpheus.live.publish import publish

SOON = 5.0


async def test_only_who_waits_for_the_topic_is_woken():
    hub = Hub()
    with hub.subscribed("a") as mine, hub.subscribed("b") as other:
        threading.Thread(target=hub.wake, args=("a",)).start()
        assert await mine.wait(seconds=SOON)
        assert not await other.wait(seconds=0.01)
        assert (hub.readers("a"), hub.total()) == (1, 2)
    assert hub.total() == 0


async def test_what_happens_before_the_wait_is_not_missed_and_counts_once():
    hub = Hub()
    with hub.subscribed("a") as mine:
        hub.wake("a")
        hub.wake_all()
        assert await mine.wait(seconds=SOON)
        assert not await mine.wait(seconds=0.01)


async def test_what_happens_right_after_counts_as_the_same():
    hub = Hub()
    with hub.subscribed("a") as mine:
        waiting = asyncio.create_task(mine.wait(seconds=SOON))
        hub.wake("a")
        await asyncio.sleep(0.001)
        assert not waiting.done()
        hub.wake("a")
        assert await waiting
        assert not await mine.wait(seconds=0.01)


async def test_everybody_is_sent_home_and_nobody_is_let_in_again():
    hub = Hub()
    with hub.subscribed("a") as mine:
        waiting = asyncio.create_task(mine.wait(seconds=SOON))
        await asyncio.sleep(0)
        hub.close()
        assert await waiting
        assert mine.ended
    with hub.subscribed("a") as late:
        assert late.ended


async def test_events_travel_as_the_standard_says():
    async def two():
        yield Event("session", {"text": "a\nb"}, id="7")
        yield BEAT

    answer = events.answer(two())
    text = b"".join([part async for part in answer]).decode()
    retry, session, beat, rest = text.split("\n\n")
    assert (retry, rest) == ("retry: 1000", "")
    assert session.splitlines()[:2] == ["id: 7", "event: session"]
    assert json.loads(session.splitlines()[2].removeprefix("data: ")) == {"text": "a\nb"}
    assert beat == "event: beat\ndata: null"
    assert answer.headers["X-Accel-Buffering"] == "no"


@pytest.mark.django_db(transaction=True)
def test_other_processes_hear_on_postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite one process serves an installation")
    connection.ensure_connection()
    parameters = postgresql._parameters()

    async def heard():
        hub = Hub()
        ear = asyncio.create_task(postgresql.Ear(hub)._hear(parameters))
        with hub.subscribed("topic") as mine:
            assert await mine.wait(seconds=SOON)  # once connected, everybody looks
            async with await psycopg.AsyncConnection.connect(**parameters, autocommit=True) as other:
                await other.execute("SELECT pg_notify(%s, %s)", [postgresql.CHANNEL, "another.topic"])
            assert await mine.wait(seconds=SOON)
            await asyncio.to_thread(publish, "topic")
            assert not await mine.wait(seconds=0.2)  # a process wakes itself without this way round
        ear.cancel()

    asyncio.run(heard())

"""Wake-ups between web processes through PostgreSQL's LISTEN and NOTIFY."""

import asyncio
import logging
import os
from typing import Any

import psycopg
from django.db import connection

from alpheus.live.hub import Hub

log = logging.getLogger("alpheus.live")

CHANNEL = "live_changes"
AGAIN_SECONDS = 2.0
"""After a server that is away, until it is tried again; meanwhile readers look by themselves at every beat."""
_ME = f"{os.getpid()}."


def notify(topic: str) -> None:
    """Tell the other processes, when the transaction commits; a process tells itself without this way round."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, _ME + topic])


class Ear:
    """Hears for a hub what other processes say, on a connection of its own, from the first reader on."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._task: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin to listen in the running event loop, where the database is PostgreSQL and nobody does yet."""
        if connection.vendor != "postgresql" or (self._task and not self._task.done()):
            return
        self._task = asyncio.get_running_loop().create_task(self._listen(_parameters()))

    def close(self) -> None:
        """Hear no more."""
        if self._task:
            self._task.cancel()

    async def _listen(self, parameters: dict[str, Any]) -> None:
        while True:
            try:
                await self._hear(parameters)
            except psycopg.OperationalError:
                log.warning("live_not_connected")
            await asyncio.sleep(AGAIN_SECONDS)

    async def _hear(self, parameters: dict[str, Any]) -> None:
        async with await psycopg.AsyncConnection.connect(**parameters, autocommit=True) as heard:
            await heard.execute(f"LISTEN {CHANNEL}")
            self._hub.wake_all()  # what was said before is lost
            async for said in heard.notifies():
                if not said.payload.startswith(_ME):
                    self._hub.wake(said.payload.partition(".")[2])


def _parameters() -> dict[str, Any]:
    """How Django reaches the database, without what is for its pool."""
    given = connection.get_connection_params()
    return {name: given[name] for name in given if name not in {"cursor_factory", "context", "pool"}}

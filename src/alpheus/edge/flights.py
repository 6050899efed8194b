"""Single flight: whoever wants what is being made already waits for it instead of making it again."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Flights(Generic[K, V]):
    """What is being made now, by key. For one event loop."""

    def __init__(self) -> None:
        self._tasks: dict[K, asyncio.Task[V]] = {}

    async def share(self, key: K, make: Callable[[], Awaitable[V]]) -> V:
        """Give the result of `make`, run once for everybody who asks meanwhile; raises what it raises.

        Who goes away does not stop it for the others.
        """
        task = self._tasks.get(key)
        if task is None:
            task = asyncio.ensure_future(_made(make))
            self._tasks[key] = task
            task.add_done_callback(lambda done: self._landed(key, done))
        return await asyncio.shield(task)

    def _landed(self, key: K, task: "asyncio.Task[V]") -> None:
        del self._tasks[key]
        if not task.cancelled():
            task.exception()  # seen, also when everybody has gone away


async def _made(make: Callable[[], Awaitable[V]]) -> V:
    return await make()

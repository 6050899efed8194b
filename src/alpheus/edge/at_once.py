"""Answers what is ready in memory in granian's own thread, without a turn of the event loop.

granian hands each request to a thread of its own, which holds the interpreter for a moment and does nothing but pass
it on: a lock, a wake-up of the event loop, a task, and two switches of threads. For a segment that lies in memory that
is more work than everything the edge does. So the thread asks the app first, and passes on what is not answered.

granian has no hook for it. The scheduler is replaced where its embedded server makes it; a test on the wire notices
when it is not asked any more, and then nothing is lost but time.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Protocol, Self

from granian._futures import _cbsched_aioschedule
from granian._granian import CallbackScheduler
from granian.server import embed

from alpheus.edge.logs import LOGGER

_log = logging.getLogger(LOGGER)

Answers = Callable[[Any, Any], bool]
"""Takes a request's scope and protocol; answers and says True, or does nothing and says False."""


class _Watcher(Protocol):
    """A request, as granian gives it to a scheduler."""

    scope: Any
    proto: Any

    def done(self) -> None: ...


def use(answers: Answers) -> None:
    """Let embedded servers that are started from now on ask `answers` first.

    Args:
        answers: is called in granian's thread, beside the event loop; what it touches must bear that.
    """

    def made(loop: asyncio.AbstractEventLoop, callback: object, **_: object) -> CallbackScheduler:
        # The constructor's last three are for granian's own kind of tasks, which this edge does not use.
        return _Scheduler(loop, callback, None, None, None, answers=answers)

    embed._new_cbscheduler = made  # type: ignore[attr-defined,assignment]  # noqa: SLF001 - see the module


class _Scheduler(CallbackScheduler):
    """Asks first, and passes on what is not answered."""

    __slots__ = ()

    def __new__(cls, *granians: object, answers: Answers) -> Self:  # noqa: ARG004 - for __init__
        return super().__new__(cls, *granians)

    def __init__(
        self, loop: asyncio.AbstractEventLoop, callback: object, *_: object, answers: Answers
    ) -> None:
        super().__init__()
        later: Callable[[_Watcher], None] = _cbsched_aioschedule(loop, self._ctx, callback)  # type: ignore[no-untyped-call]

        def schedule(watcher: _Watcher) -> None:
            if _answered(answers, watcher):
                watcher.done()
            else:
                later(watcher)

        self._schedule_fn = schedule


def _answered(answers: Answers, watcher: _Watcher) -> bool:
    try:
        return answers(watcher.scope, watcher.proto)
    except Exception:  # noqa: BLE001 - whatever it is, the event loop still answers
        _log.exception("a request could not be answered at once")
        return False

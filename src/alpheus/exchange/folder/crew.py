"""Worker processes that each do one task at a time, tell how far they are, and may die without taking others along."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Any, Self

Tell = Callable[[Any], None]
Do = Callable[[Any, Any, Tell], Any]

_STOP_SECONDS = 10.0
_TICK_SECONDS = 0.25
_NICE = 5  # listeners who play meanwhile come first


@dataclass(frozen=True)
class Task:
    """One thing to do: a function at the top of a module, called with the crew's context, `order`, and `tell`."""

    name: str
    do: Do
    order: Any


@dataclass(frozen=True)
class Told:
    """A task tells how far it is."""

    task: Task
    what: Any


@dataclass(frozen=True)
class Done:
    """A task is done."""

    task: Task
    result: Any


@dataclass(frozen=True)
class Failed:
    """A task raised, or its process died (`error` is then ProcessDied)."""

    task: Task
    error: Exception


class Tick:
    """A quarter of a second passed and nothing happened."""


class ProcessDied(Exception):
    """The process of a task died: killed for its memory, or by a fault in a library."""


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, context: Any) -> None:
        spawn = multiprocessing.get_context("spawn")
        self.pipe, theirs = spawn.Pipe()
        self.process: SpawnProcess = spawn.Process(target=_work, args=(theirs, context), daemon=False)
        self.process.start()
        theirs.close()
        self.task: Task | None = None

    def begin(self, task: Task) -> None:
        self.task = task
        with suppress(BrokenPipeError, ConnectionResetError):  # it died while idle: reading tells
            self.pipe.send((task.do, task.order))

    def stop(self) -> None:
        """End it: what it has half made it takes away itself."""
        self.pipe.close()
        if self.process.is_alive():
            self.process.terminate()

    def join(self) -> None:
        self.process.join(_STOP_SECONDS)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


class Crew:
    """Runs tasks on `jobs` processes; a context manager that leaves none behind."""

    def __init__(self, jobs: int, context: Any) -> None:
        self._jobs = max(1, jobs)
        self._context = context
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.stop()
        for worker in self._workers:
            worker.join()
        self._workers.clear()

    def run(self, tasks: Iterable[Task]) -> Iterator[Told | Done | Failed | Tick]:
        """Do tasks in order, as many at once as there are processes; yield what happens as it happens."""
        waiting = iter(tasks)
        exhausted = False
        while True:
            while not exhausted and (worker := self._idle()):
                task = next(waiting, None)
                if task is None:
                    exhausted = True
                else:
                    worker.begin(task)
            busy = {worker.pipe: worker for worker in self._workers if worker.task is not None}
            if not busy:
                return
            ready = wait(list(busy), timeout=_TICK_SECONDS)
            if not ready:
                yield Tick()
            for pipe in ready:
                yield self._heard(busy[pipe])  # type: ignore[index] # wait gives back what it was given

    def _idle(self) -> _Worker | None:
        for worker in self._workers:
            if worker.task is None:
                return worker
        if len(self._workers) < self._jobs:
            self._workers.append(_Worker(self._context))
            return self._workers[-1]
        return None

    def _heard(self, worker: _Worker) -> Told | Done | Failed:
        task = worker.task
        assert task is not None  # noqa: S101 - only busy workers are listened to; this tells mypy
        try:
            kind, what = worker.pipe.recv()
        except (EOFError, OSError):
            worker.join()
            self._workers.remove(worker)
            return Failed(task, ProcessDied(f"Its process ended with {worker.process.exitcode}."))
        if kind == "told":
            return Told(task, what)
        worker.task = None
        return Done(task, what) if kind == "done" else Failed(task, what)


def _work(pipe: Connection, context: Any) -> None:
    """Live as a worker: do what comes until the pipe ends. Ctrl-C is the parent's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    with suppress(OSError):
        os.nice(_NICE)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            do, order = pipe.recv()
            pipe.send(_answer(do, order, context, pipe))


def _answer(do: Do, order: Any, context: Any, pipe: Connection) -> tuple[str, Any]:
    try:
        return "done", do(context, order, lambda what: pipe.send(("told", what)))
    except (BrokenPipeError, ConnectionResetError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever a file does to a task is told, and the next one goes on
        return "failed", error


def _leave(_number: int, _frame: object) -> None:
    raise SystemExit(0)

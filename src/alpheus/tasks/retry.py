"""How often a failed task is tried again, and when."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

Task = TypeVar("Task", bound=Any)


@dataclass(frozen=True)
class Retry:
    """A policy of tries: exponential back-off with full jitter between them.

    Full jitter spreads tasks that failed together (Brooker, "Exponential Backoff And Jitter", AWS 2015).
    """

    attempts: int = 5
    first_seconds: float = 2.0
    factor: float = 3.0
    most_seconds: float = 3600.0

    def delay_seconds(self, attempt: int, *, chance: Callable[[], float] = random.random) -> float | None:
        """Seconds to wait after try number `attempt` (from 1) failed, or None when it was the last."""
        if attempt >= self.attempts:
            return None
        ceiling = min(self.most_seconds, self.first_seconds * self.factor ** (attempt - 1))
        return ceiling * (0.5 + chance() / 2)


_policies: dict[str, Retry] = {}
_given_up: dict[str, Callable[..., object]] = {}


def retried(
    task: Task, policy: Retry | None = None, *, given_up: Callable[..., object] | None = None
) -> Task:
    """Give a task (made by `django_tasks.task`) a policy; a task without one is tried once.

    Args:
        task: the task.
        policy: how often it is tried.
        given_up: called with the task's arguments after its last try failed, so that whoever waits is told.
    """
    _policies[task.module_path] = policy or Retry()
    if given_up is not None:
        _given_up[task.module_path] = given_up
    return task


def policy_of(task_path: str) -> Retry:
    """The policy of a task by its dotted path."""
    return _policies.get(task_path, Retry(attempts=1))


def giving_up(task_path: str) -> Callable[..., object] | None:
    """What is called once a task's last try failed."""
    return _given_up.get(task_path)

"""What a sentence about a finding is made of: its figures as people read them. A figure that is not there is none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from alpheus.web.templatetags.words import clock, one_decimal

Figures = Mapping[str, float | int | str]
Text = str | Promise

GRAVE, DOUBT, FACT = "bad", "warn", "good"
"""How a card looks: what speaks against it, what is worth a look, what is simply so."""


@dataclass(frozen=True)
class Wording:
    """A kind of finding in words. What `measured` names and was not measured is a KeyError, never a figure."""

    title: Text
    look: str
    measured: Callable[[Figures], str]
    proves_not: Text


def figure(measured: Figures, name: str) -> float:
    """A figure.

    Raises:
        KeyError: it was not measured.
    """
    value = measured[name]
    if not isinstance(value, int | float):
        raise KeyError(name)
    return float(value)


def length(measured: Figures, name: str = "length_ms") -> str:
    """Milliseconds as a clock shows them; raises as `figure` does."""
    return clock(round(figure(measured, name)))


def count(measured: Figures, name: str) -> int:
    """How many; raises as `figure` does."""
    return round(figure(measured, name))


def decibels(measured: Figures, name: str) -> str:
    """With one decimal; raises as `figure` does."""
    return one_decimal(figure(measured, name))

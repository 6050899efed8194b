"""Which strategies are in service: those that epochs draw from, and one that is forced, if any. Kept on disk.

The file lies beside the key log and is written when an edge first starts, so that a new version of the program brings
new strategies but never draws one before the operator installs it: players that are open by then do not know it.
"""

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path

from alpheus.edge.errors import Malformed
from alpheus.edge.logs import note
from alpheus.edge.strategies.known import STRATEGIES

FILE = "strategies.json"


@dataclass(frozen=True, slots=True)
class Service:
    """What the operator chose.

    Attributes:
        installed: what epochs draw from; never empty.
        forced: what every epoch uses instead of drawing; None when they draw.
    """

    installed: tuple[str, ...]
    forced: str | None = None

    @property
    def retired(self) -> tuple[str, ...]:
        """Strategies that the program has but no epoch draws."""
        return tuple(name for name in STRATEGIES if name not in self.installed)

    def install(self, name: str) -> "Service":
        """Let epochs draw a strategy."""
        _known(name)
        return replace(self, installed=tuple(one for one in STRATEGIES if one in {*self.installed, name}))

    def retire(self, name: str) -> "Service":
        """Draw a strategy no more; when it was forced, epochs draw again.

        Raises:
            Malformed: it is the last one.
        """
        _known(name)
        left = tuple(one for one in self.installed if one != name)
        if not left:
            raise Malformed(f"{name} is the only strategy installed. Install another one first.")
        return Service(left, None if self.forced == name else self.forced)

    def force(self, name: str) -> "Service":
        """Use one strategy, installed or not, until `draw`."""
        _known(name)
        return replace(self, forced=name)

    def draw(self) -> "Service":
        """Draw again."""
        return replace(self, forced=None)


def read(folder: Path, *, usual: tuple[str, ...]) -> Service:
    """Read what was chosen; `usual` are installed, and written down, when nothing was.

    A file that cannot be read, or a strategy in it that this version has not, is left out and said in the log: an edge
    that plays is worth more than a choice.

    Raises:
        OSError: nothing was chosen yet, and it cannot be written down.
    """
    path = folder / FILE
    if not path.exists():
        service = Service(usual)
        write(folder, service)
        return service
    try:
        data = json.loads(path.read_bytes())
        named, forced = list(data["installed"]), data["forced"]
    except (ValueError, KeyError, TypeError) as error:
        note("the choice of strategies cannot be read; using the usual ones", file=FILE, error=repr(error))
        return Service(usual)
    gone = [name for name in [*named, forced] if name is not None and name not in STRATEGIES]
    if gone:
        note("this version has not all chosen strategies", gone=", ".join(map(str, gone)))
    installed = tuple(name for name in STRATEGIES if name in named)
    return Service(installed or usual, forced if forced in STRATEGIES else None)


def write(folder: Path, service: Service) -> None:
    """Write down what is chosen; it is on disk when this returns. Blocks.

    Raises:
        OSError: it could not be written; the file says what it said before.
    """
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{FILE}.draft"
    with draft.open("w") as file:
        json.dump({"installed": service.installed, "forced": service.forced}, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / FILE)
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _known(name: str) -> None:
    if name not in STRATEGIES:
        raise Malformed(f"No strategy {name!r}; known are {', '.join(STRATEGIES)}.")

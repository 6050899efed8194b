"""The strategies that this program has the files of. Which of them epochs draw from is the operator's choice."""

from collections.abc import Iterable

from alpheus.edge.errors import OptionsError
from alpheus.edge.strategies.braid import Braid
from alpheus.edge.strategies.contract import Strategy
from alpheus.edge.strategies.ladder import Ladder
from alpheus.edge.strategies.tide import Tide

STRATEGIES: dict[str, Strategy] = {strategy.name: strategy for strategy in (Ladder(), Braid(), Tide())}


def chosen(names: Iterable[str]) -> dict[str, Strategy]:
    """The named strategies.

    Raises:
        OptionsError: one of them is not known.
    """
    unknown = [name for name in names if name not in STRATEGIES]
    if unknown:
        raise OptionsError(f"No strategy {', '.join(unknown)}; known are {', '.join(STRATEGIES)}.")
    return {name: STRATEGIES[name] for name in names}

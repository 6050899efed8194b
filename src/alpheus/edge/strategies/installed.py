"""The strategies that this edge knows. Which of them epochs draw from is an option."""

from collections.abc import Iterable

from alpheus.edge.errors import OptionsError
from alpheus.edge.strategies.braid import Braid
from alpheus.edge.strategies.contract import Strategy
from alpheus.edge.strategies.ladder import Ladder

STRATEGIES: dict[str, Strategy] = {strategy.name: strategy for strategy in (Ladder(), Braid())}


def chosen(names: Iterable[str]) -> dict[str, Strategy]:
    """The named strategies.

    Raises:
        OptionsError: a name is not installed.
    """
    unknown = [name for name in names if name not in STRATEGIES]
    if unknown:
        raise OptionsError(f"No strategy {', '.join(unknown)}; installed are {', '.join(STRATEGIES)}.")
    return {name: STRATEGIES[name] for name in names}

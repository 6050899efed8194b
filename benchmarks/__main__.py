"""Run one benchmark by name, or all of them one after another."""

import importlib
import sys
from pathlib import Path

HERE = Path(__file__).parent
NAMES = sorted(
    path.stem for path in HERE.glob("*.py") if "def main(" in path.read_text() and path.stem != "__main__"
)


def main() -> None:
    """Run what is named on the command line; without a name, everything."""
    wanted = sys.argv[1:] or NAMES
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        sys.exit(f"No benchmark named {', '.join(unknown)}. There are: {', '.join(NAMES)}.")
    for name in wanted:
        importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main()

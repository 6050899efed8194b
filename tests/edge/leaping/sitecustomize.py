"""On an edge's PYTHONPATH: its wall clock is off by as many seconds as a file says at that moment."""

import os
import time
from pathlib import Path

_right, _leap = time.time, Path(os.environ["LEAP_FILE"])
time.time = lambda: _right() + float(_leap.read_text())

"""What every test stands on: a data folder of its own, made before Django reads its settings."""

import atexit
import os
import shutil
import tempfile

os.environ["ALPHEUS_DATA"] = tempfile.mkdtemp(prefix="alpheus-test-")
atexit.register(shutil.rmtree, os.environ["ALPHEUS_DATA"], ignore_errors=True)

"""What every test stands on: a data folder of its own, made before Django reads its settings."""

import atexit
import os
import shutil
import tempfile

import django

os.environ["ALPHEUS_DATA"] = tempfile.mkdtemp(prefix="alpheus-test-")
# Here and not in pyproject.toml: from there pytest-django would read the settings before this file is run.
os.environ["DJANGO_SETTINGS_MODULE"] = "alpheus.config.django"
atexit.register(shutil.rmtree, os.environ["ALPHEUS_DATA"], ignore_errors=True)
django.setup()  # so that a room's conftest may import its models

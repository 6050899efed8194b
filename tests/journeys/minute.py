"""A minute that has come: `python -m journeys.minute ISO` publishes what is due then, as the worker's schedule does."""

# ruff: noqa: E402 - Django must know its settings before its models are read
import os
import sys
from datetime import datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alpheus.config.django")
django.setup()

from alpheus.submissions.publish_due import publish_due

if __name__ == "__main__":
    sys.stdout.write(str(publish_due(now=datetime.fromisoformat(sys.argv[1]))))

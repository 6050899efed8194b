"""Begins uploads in the installation in the environment, which must be empty, and prints the path and a token for each.

`python -m benchmarks.support.uploading COUNT BYTES`; each is of an account of its own, so that no limit of one is met.
"""

# ruff: noqa: E402 - Django must know its settings before its models are read
import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alpheus.config.django")
django.setup()

from django.core.management import call_command
from django.utils import timezone

from alpheus.api import token
from alpheus.api.token import Scope
from alpheus.api.tus import PREFIX
from alpheus.parties.models import Account
from alpheus.submissions.begin import begin
from alpheus.submissions.terms import terms
from alpheus.submissions.upload import begin_upload


def main() -> None:
    """Begin them and print."""
    call_command("migrate", verbosity=0)
    count, length = map(int, sys.argv[1:])
    print(json.dumps([_begun(number, length) for number in range(count)]))


def _begun(number: int, length: int) -> tuple[str, str]:
    now = timezone.now()
    account = Account.objects.create_user(f"musician{number}@example.org")
    upload = begin_upload(
        account=account,
        submission=begin(account=account, now=now).gid,
        track=None,
        length=length,
        filename="song.wav",
        metadata="",
        terms=terms(),
        now=now,
    )
    issued = token.issue(account=account, name="bench", scopes=[Scope.STUDIO], days=1, now=now)
    return f"{PREFIX}/{upload.gid}", issued.secret


if __name__ == "__main__":
    main()

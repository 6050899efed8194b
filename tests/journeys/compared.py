"""A submission that evidence compares with the catalogue: `python -m journeys.compared EMAIL` prints what an auditor needs.

Its sound is the installation's long piece: the same file as the catalogue's own, and a passage of it is called another's too.
"""

# ruff: noqa: E402 - Django must know its settings before its models are read
import json
import os
import sys
from urllib.parse import urlsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alpheus.config.django")
django.setup()

from journeys.compared_at import PASSAGE
from journeys.staging import handed_in

from alpheus.catalogue.models import Recording
from alpheus.config.operators import link_for
from alpheus.ingest.evidence import Finding
from alpheus.parties.models import Account, StaffRole
from alpheus.submissions.evidence import note


def main(email: str) -> None:
    """Hand it in, and note what a machine would have found."""
    link = link_for(email, base_url="", role=StaffRole.Role.AUDITOR)
    other = Account.objects.create_user(f"heron-{email}", name="Heron")
    held = Recording.objects.filter(removed_at=None, asset__state="ready").exclude(duration_ms=None)
    long, short = held.order_by("-duration_ms")[:2]
    title = f"Mist {email.partition('@')[0]}"
    row = handed_in(other, long.asset, title)
    found = [
        Finding("identical-bytes", other=long.asset.key),
        Finding("same-recording", {"shared_ms": PASSAGE[2]}, 0.97, (PASSAGE,), short.asset.key),
    ]
    row.evidence.all().delete()
    note(row, found, track=row.tracks.get())
    made = {
        "link": urlsplit(link).path,
        "page": f"/office/audit/{row.gid}",
        "own": title,
        "long": long.title,
        "short": short.title,
        "whole_ms": long.duration_ms,
    }
    sys.stdout.write(json.dumps(made))


if __name__ == "__main__":
    main(*sys.argv[1:])

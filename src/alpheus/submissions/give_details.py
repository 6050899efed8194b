"""Give the details that a payee must give, and look again whether a refused applicant gave the same."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from alpheus.parties import details
from alpheus.parties.models import Account
from alpheus.submissions.clashes import note_payee


@transaction.atomic
def give_details(*, account: Account, fields: Mapping[str, str], now: datetime) -> None:
    """Keep an account's details; auditors read beside what is handed in that somebody refused gave the same, and never what.

    Raises:
        DetailsRefused: they are not whole or not right; then those before stay.
    """
    details.give(account=account, fields=fields, now=now)
    note_payee(account)

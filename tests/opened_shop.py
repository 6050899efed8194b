"""A shop as its owner has opened it, for tests of several rooms."""

from applying import LINK, NOW, handed_in_by, release_of
from details_of import PERSON
from judging import hear_and_accept

from alpheus.parties import details
from alpheus.shops import keep_shop
from alpheus.submissions import claim
from alpheus.submissions.hand_in import hand_in


def accepted(whose, auditor, **fields):
    return _accepted(handed_in_by(whose, **fields), auditor)


def album(whose, auditor, titles):
    """A release with these tracks, handed in and accepted."""
    row = release_of(whose, titles)
    hand_in(account=whose, gid=row.gid, link=LINK, now=NOW)
    return _accepted(row, auditor)


def _accepted(row, auditor):
    claim.take(auditor=auditor, gid=row.gid, now=NOW)
    return hear_and_accept(auditor=auditor, gid=row.gid, words="", link=LINK, now=NOW)


def opened(whose, auditor, handle="tide", **fields):
    accepted(whose, auditor, **fields)
    details.give(account=whose, fields=PERSON, now=NOW)
    keep_shop.name_address(owner=whose, handle=handle)
    return keep_shop.open_shop(owner=whose, now=NOW)

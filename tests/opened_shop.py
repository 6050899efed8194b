"""A shop as its owner has opened it, for tests of several rooms."""

from applying import LINK, NOW, handed_in_by
from details_of import PERSON

from alpheus.parties import details
from alpheus.shops import keep_shop
from alpheus.submissions import claim, review


def accepted(whose, auditor, **fields):
    row = handed_in_by(whose, **fields)
    claim.take(auditor=auditor, gid=row.gid, now=NOW)
    return review.accept(auditor=auditor, gid=row.gid, words="", link=LINK, now=NOW)


def opened(whose, auditor, handle="tide", **fields):
    accepted(whose, auditor, **fields)
    details.give(account=whose, fields=PERSON, now=NOW)
    keep_shop.name_address(owner=whose, handle=handle)
    return keep_shop.open_shop(owner=whose, now=NOW)

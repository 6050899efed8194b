"""Whether a payee's details are whole and right. Pure decisions."""

import re
from collections.abc import Mapping
from enum import StrEnum

from alpheus.values.territory import CODES


class TaxStatus(StrEnum):
    """As what a payee pays taxes."""

    PERSON = "person"
    BUSINESS = "business"


class PayoutMethod(StrEnum):
    """Where payouts go."""

    BANK = "bank"
    ALIPAY = "alipay"


class Problem(StrEnum):
    """What is wrong with a field."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    IBAN = "iban"
    ACCOUNT = "account"
    ALIPAY = "alipay"


FIELDS: Mapping[str, int] = {
    "legal_name": 300,
    "address": 1000,
    "country": 2,
    "tax_status": 10,
    "tax_number": 60,
    "payout_method": 10,
    "bank_holder": 300,
    "bank_account": 42,
    "bank_code": 60,
    "alipay_account": 120,
}
"""The fields, each with the characters that it may have."""

_ALWAYS = ("legal_name", "address", "country", "tax_status", "payout_method")
_OF_METHOD: Mapping[str, tuple[str, ...]] = {
    PayoutMethod.BANK: ("bank_holder", "bank_account", "bank_code"),
    PayoutMethod.ALIPAY: ("alipay_account",),
}
_CHOICES: Mapping[str, frozenset[str]] = {
    "country": CODES,
    "tax_status": frozenset(TaxStatus),
    "payout_method": frozenset(PayoutMethod),
}
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_ACCOUNT = re.compile(r"[A-Z0-9]{5,34}")
_ALIPAY = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|\+?\d{7,15}")


def fit(fields: Mapping[str, str]) -> dict[str, str]:
    """Bring what was typed into the form that is kept; what the chosen way of payout does not need is left out."""
    given = {name: fields.get(name, "").strip()[:most] for name, most in FIELDS.items()}
    given["country"] = given["country"].upper()
    given["bank_account"] = re.sub(r"[\s.-]", "", given["bank_account"]).upper()
    given["alipay_account"] = re.sub(r"(?<=\d)[\s-](?=\d)", "", given["alipay_account"])
    others = {
        name for method, names in _OF_METHOD.items() if method != given["payout_method"] for name in names
    }
    return {name: "" if name in others else text for name, text in given.items()}


def problems(details: Mapping[str, str]) -> dict[str, Problem]:
    """What is wrong with details that `fit` made, by field, in the order of the page; nothing where they can be kept."""
    needed = {*_ALWAYS, *_OF_METHOD.get(details["payout_method"], ())}
    if details["tax_status"] == TaxStatus.BUSINESS:
        needed.add("tax_number")
    found = {name: _problem(name, details[name], needed=name in needed) for name in FIELDS}
    return {name: problem for name, problem in found.items() if problem is not None}


def _problem(name: str, text: str, *, needed: bool) -> Problem | None:
    if not text:
        return Problem.MISSING if needed else None
    if name in _CHOICES:
        return None if text in _CHOICES[name] else Problem.UNKNOWN
    if name == "alipay_account":
        return None if _ALIPAY.fullmatch(text) else Problem.ALIPAY
    return _problem_of_account(text) if name == "bank_account" else None


def _problem_of_account(text: str) -> Problem | None:
    """What begins like an IBAN must be one (ISO 13616: the number with its head at its end is 1 modulo 97)."""
    if re.match(r"[A-Z]{2}\d{2}", text):
        turned = text[4:] + text[:4]
        number = int("".join(str(int(character, 36)) for character in turned)) if _IBAN.fullmatch(text) else 0
        return None if number % 97 == 1 else Problem.IBAN
    return None if _ACCOUNT.fullmatch(text) else Problem.ACCOUNT

"""Identifiers of recordings, works and releases: ISRC (ISO 3901), ISWC (ISO 15707), GTIN (GS1: UPC, EAN)."""

import re
import unicodedata
from typing import NewType

from alpheus.values.errors import IdentifierInvalid

Isrc = NewType("Isrc", str)
Iswc = NewType("Iswc", str)
Gtin = NewType("Gtin", str)

_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
_ISWC = re.compile(r"T[0-9]{10}")
_GTIN_LENGTHS = (8, 12, 13, 14)
_SEPARATORS = re.compile(r"[\s\-.‐-―−]+")


def parse_isrc(text: str) -> Isrc:
    """Read an ISRC, with or without hyphens and the word ISRC; 12 characters come back.

    Raises:
        IdentifierInvalid: not two letters, three letters or digits, and seven digits.
    """
    plain = _plain(text, label="ISRC")
    if not _ISRC.fullmatch(plain):
        raise IdentifierInvalid(f"{text!r} is no ISRC: it takes 12 characters such as USRC17607839.")
    return Isrc(plain)


def parse_iswc(text: str) -> Iswc:
    """Read an ISWC such as T-034.524.680-1; the T and ten digits come back.

    Raises:
        IdentifierInvalid: wrong form, or the check digit does not match.
    """
    plain = _plain(text, label="ISWC")
    if not _ISWC.fullmatch(plain):
        raise IdentifierInvalid(f"{text!r} is no ISWC: it takes a T and ten digits, T-034.524.680-1.")
    expected = iswc_check_digit(plain[1:10])
    if plain[10] != expected:
        raise IdentifierInvalid(f"{text!r}: the check digit should be {expected}. Is a digit mistyped?")
    return Iswc(plain)


def parse_gtin(text: str) -> Gtin:
    """Read a UPC, EAN or other GTIN; digits only come back, 12 of them where leading zeros allow.

    A UPC-A and the EAN-13 that is the same with a zero before it are the same number, and come back the same.

    Raises:
        IdentifierInvalid: not 8, 12, 13 or 14 digits, all zeros, or the check digit does not match.
    """
    plain = _plain(text, label="UPC", also=("EAN", "GTIN"))
    if not (plain.isascii() and plain.isdigit()) or len(plain) not in _GTIN_LENGTHS or not plain.strip("0"):
        raise IdentifierInvalid(f"{text!r} is no UPC or EAN: it takes 12 or 13 digits.")
    expected = gtin_check_digit(plain[:-1])
    if plain[-1] != expected:
        raise IdentifierInvalid(f"{text!r}: the check digit should be {expected}. Is a digit mistyped?")
    return Gtin(plain.lstrip("0").zfill(12) if len(plain) > 8 else plain)


def iswc_check_digit(nine: str) -> str:
    """Compute the check digit over an ISWC's nine digits (ISO 15707, annex)."""
    total = 1 + sum(place * int(digit) for place, digit in enumerate(nine, start=1))
    return str(-total % 10)


def gtin_check_digit(rest: str) -> str:
    """Compute the check digit over all other digits of a GTIN: weights 3 and 1 from the right (GS1)."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(rest)))
    return str(-total % 10)


def show_isrc(isrc: str) -> str:
    """Write an ISRC for people: US-RC1-76-07839."""
    return f"{isrc[:2]}-{isrc[2:5]}-{isrc[5:7]}-{isrc[7:]}"


def show_iswc(iswc: str) -> str:
    """Write an ISWC for people: T-034.524.680-1."""
    return f"{iswc[0]}-{iswc[1:4]}.{iswc[4:7]}.{iswc[7:10]}-{iswc[10]}"


def _plain(text: str, *, label: str, also: tuple[str, ...] = ()) -> str:
    """Full-width forms to ASCII, upper case, no separators, no label before it."""
    folded = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    for word in (label, *also):
        folded = folded.removeprefix(word).removeprefix(":")
    return folded

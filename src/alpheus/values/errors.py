"""Errors of the vocabulary.

VocabularyError
├── IdentifierInvalid   an ISRC, ISWC or GTIN that cannot be one
├── DateInvalid         a date that is none
├── TerritoryInvalid    no ISO 3166-1 alpha-2 code
├── CurrencyInvalid     no ISO 4217 code
├── MoneyInvalid        a text that is no amount of a currency
├── ShareInvalid        a share of a whole
└── CursorInvalid       a page's cursor that we did not write
"""


class VocabularyError(ValueError):
    """A text is not the value that it claims to be; the message says why."""


class IdentifierInvalid(VocabularyError):
    """An identifier has the wrong form or a wrong check digit."""


class DateInvalid(VocabularyError):
    """A date is impossible or in no form that we read."""


class TerritoryInvalid(VocabularyError):
    """Not an ISO 3166-1 alpha-2 code."""


class CurrencyInvalid(VocabularyError):
    """Not an ISO 4217 code of a currency that is paid with."""


class MoneyInvalid(VocabularyError):
    """Not an amount of a currency: unreadable, negative, or finer than its smallest unit."""


class ShareInvalid(VocabularyError):
    """Not a share of a whole: unreadable, nothing, more than all, or finer than a hundredth of a percent."""


class CursorInvalid(VocabularyError):
    """A cursor was cut, altered or made for another list; begin again from the first page."""

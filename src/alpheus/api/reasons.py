"""Why a field of what was sent cannot be used: a sentence for each kind of fault, in the reader's language.

pydantic names the kind of a fault and its bounds, and says the rest in English; `REASONS` says it to people. A test
goes through every shape that the API takes and fails when a kind that can occur there has no sentence.
"""

import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

Text = str | Promise

HOLDS_NUL = "holds_nul"
"""Our own kind: a text with the character U+0000."""

_TEXT = _("Send a text here, in quotation marks.")
_WHOLE = _("Send a whole number here.")
_UUID = _("Send a gid here: a UUID such as 5e0f4c53-70b6-4d9a-9ac3-9c41f4b5d2f0.")
_YES_OR_NO = _("Send true or false here.")
_DAY = _("Send a day here, as YYYY-MM-DD.")
_NUMBER = _("Send a decimal number here, such as 7.25.")
_OBJECT = _("Send a JSON object here: names and values in braces.")
_LONG = _("Too long: at most %(max_length)s.")
_SHORT = _("Too short: at least %(min_length)s.")
_ONE_OF = _("Send one of these: %(expected)s.")

REASONS: Mapping[str, Text] = {
    "missing": _("This is missing. Send it."),
    "extra_forbidden": _("Nothing of this name is taken here. Leave it out, or correct its name."),
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dict_type": _OBJECT,
    "list_type": _("Send a list here, in brackets."),
    "string_type": _TEXT,
    "string_unicode": _("This holds half of a character. Send whole characters, in UTF-8."),
    "string_too_short": _SHORT,
    "string_too_long": _LONG,
    "string_pattern_mismatch": _(
        "This is not written as it must be. It must match this regular expression: %(pattern)s"
    ),
    HOLDS_NUL: _("This holds the character U+0000, which is no text. Leave it out."),
    "too_short": _SHORT,
    "too_long": _LONG,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": _("This number has too many digits. Send a smaller one."),
    "finite_number": _("This is no finite number. Send one that is."),
    "greater_than": _("Too small: more than %(gt)s."),
    "greater_than_equal": _("Too small: at least %(ge)s."),
    "less_than": _("Too large: less than %(lt)s."),
    "less_than_equal": _("Too large: at most %(le)s."),
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "bool_type": _YES_OR_NO,
    "bool_parsing": _YES_OR_NO,
    "uuid_type": _UUID,
    "uuid_parsing": _UUID,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _("Send the day alone, without a time of day."),
    "literal_error": _ONE_OF,
    "enum": _ONE_OF,
    "union_tag_invalid": _("%(discriminator)s is none of these: %(expected_tags)s."),
    "union_tag_not_found": _("%(discriminator)s is missing. It says which kind this is."),
    "value_error": _("Send a file here, as a part of multipart/form-data."),
}
"""By pydantic's kind. `value_error` is raised by the framework alone, for files; our own faults have their own kind."""

_OR = re.compile(r"(?<=') or (?=')")
"""pydantic joins what it expected with an English word."""


def reason(kind: str, context: Mapping[str, object]) -> str:
    """Why a field cannot be used and what to send instead; `context` holds the bounds that it broke."""
    sentence = REASONS.get(kind)
    if sentence is None:
        return gettext("This cannot be used here. The API's documentation says what can.")
    told = {name: _OR.sub(", ", str(value)) for name, value in context.items()}
    return str(sentence) % told

"""What is to be mended in a sheet, as a sheet: a row for each, in the language of who reads it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from alpheus.submissions.bulk.columns import REQUIRED, Column
from alpheus.submissions.bulk.rules import Fault
from alpheus.submissions.bulk.template import EXAMPLE, written
from alpheus.submissions.bulk.words import MEANING, sentence


def faults_as_csv(faults: Iterable[Fault]) -> bytes:
    """Row, column, what stands there, and what to write."""
    head = [_("Row"), _("Column"), _("What stands there"), _("What to do")]
    rows = ([str(it.row), it.column.value if it.column else "", it.value, sentence(it)] for it in faults)
    return written([head, *rows])


def columns_as_csv() -> bytes:
    """What each column means: its name, whether it is needed, the meaning, an example."""
    head = [_("Column"), _("Needed"), _("What it means"), _("Example")]
    rows = (
        [it.value, _("yes") if it in REQUIRED else "", str(MEANING[it]), EXAMPLE.get(it, "")] for it in Column
    )
    return written([head, *rows])

"""What an edge's figures are called on the office's page."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, Promise] = {
    "epoch": _("Epoch"),
    "strategy": _("Strategy"),
    "streams": _("Streams"),
    "listening": _("Listening now"),
    "accounts": _("Accounts heard"),
    "cancellations": _("Cancellations"),
    "cache chunks bytes": _("Cached chunks"),
    "cache blends bytes": _("Cached blends"),
    "keylog waiting": _("Key log, waiting"),
    "keylog failing": _("Key log, failing"),
    "damaged": _("Damaged renditions"),
}
"""By the names under which edges tell them; one that is new is shown by its own name."""

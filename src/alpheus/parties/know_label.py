"""Find the label that a name means, or write a new one down."""

from django.db import transaction

from alpheus.database.turns import take_turn
from alpheus.parties.know_artist import artist_key
from alpheus.parties.models import Label
from alpheus.values.collation import sort_keys
from alpheus.values.language import language_of
from alpheus.values.sort_names import sort_name
from alpheus.values.text import line

_MAX = 500


@transaction.atomic
def know_label(*, name: str) -> Label | None:
    """Find a label by name, however it is written; create one when nobody is known by that name. None for no name."""
    plain = line(name, limit=_MAX)
    key = artist_key(plain)
    if not key:
        return None
    take_turn("catalogue")  # so that two who meet a new name do not both make a label of it
    known = Label.objects.filter(key=key).first()
    return known or Label.objects.create(
        name=plain,
        key=key,
        sort_name=sort_name(plain)[:_MAX],
        language=language_of(plain),
        **sort_keys(plain).columns,
    )

"""Write a credit down: its artists are found or created, and equal credits are one row."""

import hashlib
import json

from django.db import transaction

from alpheus.catalogue.credits import Credit, Credited, credit_text
from alpheus.catalogue.facts import ArtistFacts
from alpheus.catalogue.models import ArtistCredit, CreditedArtist
from alpheus.parties.know_artist import know_artist

UNKNOWN_ARTIST = "[unknown]"  # as MusicBrainz names who is not known


@transaction.atomic
def credit_artists(credit: Credit, *, about: ArtistFacts | None = None) -> ArtistCredit:
    """Find or create the credit, and the artists that it names."""
    names = credit or (Credited(UNKNOWN_ARTIST),)
    facts = about or ArtistFacts()
    sort_names, mbids = dict(facts.sort_names), dict(facts.mbids)
    artists = [
        know_artist(
            name=credited.name,
            sort_name=sort_names.get(credited.name, ""),
            mbid=mbids.get(credited.name),
            gid=credited.artist,
        )
        for credited in names
    ]
    told = [[artist.pk, each.name, each.join_phrase] for artist, each in zip(artists, names, strict=True)]
    digest = hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
    row, created = ArtistCredit.objects.get_or_create(digest=digest, defaults={"name": credit_text(names)})
    if created:
        CreditedArtist.objects.bulk_create(
            CreditedArtist(
                credit=row, artist=artist, position=at, name=each.name, join_phrase=each.join_phrase
            )
            for at, (artist, each) in enumerate(zip(artists, names, strict=True))
        )
    return row

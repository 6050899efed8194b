"""What people write into names, by accident or not; and a catalogue in which every text is that."""

import music

from alpheus.catalogue.models import Genre, Lyrics, Recording, RecordingCredit, Release, Work, WorkCredit
from alpheus.parties.models import Artist, Label

HOSTILE = {
    "html": "<script>alert(1)</script><b>\"'&",
    "long": "M" * 300,
    "long words": "lorem ipsum " * 25,
    "right to left": "שלום عالم (live) 2",
    "emoji": "👩‍👩‍👧‍👦 family 🏳️‍🌈",
    "joiners": "क्‍ष नि‌मि",
    "stacked": "Z̸̧̢̛a̷l̵g̶o̸" * 8,
    "nothing to see": "\u3164\u115f\u2800",
    "templates": "{{ shell }} {% url %} %(name)s {name}",
    "cjk": "夜" * 300,
}


def made_of(text, **given):
    """A catalogue in which every name is this text."""
    label = Label.objects.create(name=text[:500], key=text[:500], sort_name=text[:300])
    release = music.release(
        text, by=text, tracks=(text, text), year=2026, label=label, label_name=text[:500],
        catalogue_number=text[:80], notes=text, upc="084721903162", **given,
    )  # fmt: skip
    genre = Genre.objects.create(name=text[:80], slug=f"g-{label.pk}")
    release.genres.add(genre)
    artist = release.credit.artists.get().artist
    Artist.objects.filter(pk=artist.pk).update(biography=text, disambiguation=text, language="")
    artist.aliases.create(name=f"{text[:490]} 2", key="k")
    recording = release.media.get().tracks.first().recording
    Recording.objects.update(explicit=True, language="")
    Release.objects.update(language="")
    RecordingCredit.objects.create(recording=recording, artist=artist, role=text[:80])
    work = Work.objects.create(title=text)
    WorkCredit.objects.create(work=work, artist=artist, role=text[:80])
    recording.works.add(work)
    Lyrics.objects.create(recording=recording, form="plain", source=text, lines=[{"text": text}])
    return release, recording, artist, label, genre

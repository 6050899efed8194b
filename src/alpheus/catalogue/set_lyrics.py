"""Keep a recording's lyrics, in whichever form they come; an empty text takes them away."""

from alpheus.catalogue.lrc import parse
from alpheus.catalogue.models import Lyrics, Recording
from alpheus.values.language import language_of


def set_lyrics(*, recording: Recording, text: str, language: str = "") -> Lyrics | None:
    """Keep lyrics: plain, LRC or enhanced LRC. Returns None when `text` is empty.

    Raises:
        LyricsRefused: there is no line in them, or they are far too long.
    """
    if not text.strip():
        Lyrics.objects.filter(recording=recording).delete()
        return None
    parsed = parse(text)
    words = "\n".join(line.text for line in parsed.lines)
    row, _ = Lyrics.objects.update_or_create(
        recording=recording,
        defaults={
            "form": parsed.form,
            "language": language or language_of(words, context=recording.language),
            "source": text,
            "lines": [line.plain() for line in parsed.lines],
        },
    )
    return row

"""Names and numbers that contradict each other, in words."""

from collections.abc import Callable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alpheus.web.wordings import DOUBT, GRAVE, Figures, Wording, count, length


def _says(sentence: Promise) -> Callable[[Figures], str]:
    """A sentence that takes names and numbers as they were found."""
    return lambda measured: str(sentence).format(**measured)


def _other_length(measured: Figures) -> str:
    return _("ISRC {isrc}: this lasts {own}, and “{title}” by {artist} with the same number {held}.").format(
        isrc=measured["isrc"],
        own=length(measured, "duration_ms"),
        title=measured["held_title"],
        artist=measured["held_artist"],
        held=length(measured, "held_ms"),
    )


def _title_twice(measured: Figures) -> str:
    return _("This “{title}” lasts {own}; the artist's other of that title lasts {held}.").format(
        title=measured["title"], own=length(measured, "duration_ms"), held=length(measured, "held_ms")
    )


METADATA: Mapping[str, Wording] = {
    "isrc-other-sound": Wording(
        gettext_lazy("The ISRC of another sound"),
        GRAVE,
        _says(
            gettext_lazy("ISRC {isrc} is that of “{held_title}” by {held_artist}, which sounds different.")
        ),
        gettext_lazy("Numbers are mistyped, and some are given twice. It does not say who is right."),
    ),
    "isrc-of-another": Wording(
        gettext_lazy("Another party's ISRC"),
        GRAVE,
        _says(
            gettext_lazy(
                "ISRC {isrc} is that of “{held_title}” by {held_artist}, which another party has here."
            )
        ),
        gettext_lazy("Rights change hands, and numbers are mistyped. It does not say who is right."),
    ),
    "isrc-duration": Wording(
        gettext_lazy("The ISRC of another length"),
        DOUBT,
        _other_length,
        gettext_lazy("An edit is often handed in under the number of what it was made from."),
    ),
    "sound-other-isrc": Wording(
        gettext_lazy("The sound has another ISRC"),
        DOUBT,
        _says(
            gettext_lazy(
                "Handed in as {isrc}; the same sound is here as {held_isrc}, “{held_title}” by {held_artist}."
            )
        ),
        gettext_lazy("Who takes a recording over may give it a number by mistake."),
    ),
    "title-duration": Wording(
        gettext_lazy("One title, two lengths"),
        DOUBT,
        _title_twice,
        gettext_lazy("It may be another version, which its title should say."),
    ),
    "track-holes": Wording(
        gettext_lazy("Tracks are missing"),
        DOUBT,
        lambda measured: _("By the files' numbers disc {disc} lacks {numbers}.").format(
            disc=count(measured, "disc"), numbers=measured["missing"]
        ),
        gettext_lazy("Files may be numbered wrongly, or tracks left out on purpose."),
    ),
    "track-twice": Wording(
        gettext_lazy("A number twice"),
        DOUBT,
        lambda measured: _("By the files' numbers disc {disc} has more than one of {numbers}.").format(
            disc=count(measured, "disc"), numbers=measured["numbers"]
        ),
        gettext_lazy("Files may be numbered wrongly."),
    ),
}

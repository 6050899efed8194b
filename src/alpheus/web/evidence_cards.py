"""What a machine found, in words: what was measured, how sure it is, and what it does not prove."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alpheus.submissions.models import Evidence
from alpheus.web.metadata_words import METADATA
from alpheus.web.others import Other
from alpheus.web.templatetags.words import number, one_decimal
from alpheus.web.wordings import DOUBT, FACT, GRAVE, Figures, Text, Wording, count, decibels, figure, length


@dataclass(frozen=True)
class Passage:
    """A place in the piece, and in the other where there is one."""

    own_ms: int
    other_ms: int
    length_ms: int


@dataclass(frozen=True)
class Card:
    """A finding on a page."""

    kind: str
    title: Text
    look: str
    measured: str
    sure: float
    proves_not: Text
    passages: Sequence[Passage]
    other: Other | None


def _loudness(measured: Figures) -> str:
    return _("{loudness} LUFS, range {range} LU, true peak {peak} dBTP.").format(
        loudness=decibels(measured, "loudness_lufs"),
        range=decibels(measured, "range_lu"),
        peak=decibels(measured, "true_peak_dbtp"),
    )


def _same_in_both(measured: Figures) -> str:
    """How two channels are one: as they are, one turned round, or one a moment later."""
    if measured["form"] == "delay":
        return _("Left and right carry the same sound, {ms} ms apart.").format(
            ms=one_decimal(abs(figure(measured, "delay_ms")))
        )
    if measured["form"] == "turned":
        return _("Left and right carry the same sound, one of them turned round.")
    return _("Left and right carry the same sound.")


def _title_length(measured: Figures) -> str:
    if "difference_ms" not in measured:
        return _("“{title}” by {artist} is here.").format(title=measured["title"], artist=measured["artist"])
    return _("“{title}” by {artist} is here; it differs in length by {length}.").format(
        title=measured["title"], artist=measured["artist"], length=length(measured, "difference_ms")
    )


def _claimed(measured: Figures) -> str:
    """How long it is, and what the file says of that where it says something else."""
    if "claimed_ms" not in measured or length(measured, "claimed_ms") == length(measured, "duration_ms"):
        return length(measured, "duration_ms")
    return _("{length}; the file itself claims {claimed}.").format(
        length=length(measured, "duration_ms"), claimed=length(measured, "claimed_ms")
    )


def _all(measured: Figures) -> str:
    """Figures as they are named, where no sentence is written for them."""
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in measured.items())


WORDINGS: Mapping[str, Wording] = {
    **METADATA,
    "identical-bytes": Wording(
        gettext_lazy("The same file"),
        GRAVE,
        lambda _measured: _("This very file, byte for byte, is here already or was handed in before."),
        gettext_lazy("It does not say who of them owns it."),
    ),
    "identical-sound": Wording(
        gettext_lazy("The same samples"),
        GRAVE,
        lambda _measured: _("Decoded, it is sample for sample a recording that is here."),
        gettext_lazy("It does not say who of them owns it."),
    ),
    "same-recording": Wording(
        gettext_lazy("The same recording"),
        GRAVE,
        lambda measured: _("Fingerprints agree over {length}.").format(length=length(measured, "shared_ms")),
        gettext_lazy("A licensed sample agrees as well. Hear both at the same place."),
    ),
    "silence": Wording(
        gettext_lazy("Silent"),
        GRAVE,
        lambda _measured: _("Nothing is heard from beginning to end."),
        gettext_lazy("It may be meant as a piece."),
    ),
    "truncation": Wording(
        gettext_lazy("Cut off"),
        DOUBT,
        lambda _measured: _("It ends as loudly as it was, in the middle of sound."),
        gettext_lazy("Some pieces end so on purpose."),
    ),
    "clipping": Wording(
        gettext_lazy("Clipped"),
        DOUBT,
        lambda measured: ngettext(
            "Clipped in {n} place.", "Clipped in {n} places.", count(measured, "places")
        ).format(n=number(count(measured, "places"))),
        gettext_lazy("Loud masters clip on purpose. It says nothing about whose it is."),
    ),
    "true-peak": Wording(
        gettext_lazy("Over full scale"),
        DOUBT,
        lambda measured: _("True peak {peak} dBTP.").format(peak=decibels(measured, "true_peak_dbtp")),
        gettext_lazy("Most players survive it; encoders may distort."),
    ),
    "silence-inside": Wording(
        gettext_lazy("Silence inside"),
        DOUBT,
        lambda measured: _("Silent for {length}.").format(length=length(measured)),
        gettext_lazy("It may be a pause, or a hidden track."),
    ),
    "silence-start": Wording(
        gettext_lazy("Silence before"),
        DOUBT,
        lambda measured: _("Silent for {length}.").format(length=length(measured)),
        gettext_lazy("It may be meant."),
    ),
    "silence-end": Wording(
        gettext_lazy("Silence after"),
        DOUBT,
        lambda measured: _("Silent for {length}.").format(length=length(measured)),
        gettext_lazy("It may be meant."),
    ),
    "lossy-source": Wording(
        gettext_lazy("Lossy inside"),
        DOUBT,
        lambda measured: _(
            "The file is lossless, but its sound was once lossy: nothing above {khz} kHz."
        ).format(khz=one_decimal(figure(measured, "cutoff_hz") / 1000)),
        gettext_lazy("Old tapes and some instruments have no treble either."),
    ),
    "lossy-file": Wording(
        gettext_lazy("Lossy file"),
        DOUBT,
        lambda measured: _("Handed in as {quality}.").format(quality=measured["quality"]),
        gettext_lazy("It may be all that the musician has."),
    ),
    "fake-stereo": Wording(
        gettext_lazy("Mono in two channels"),
        DOUBT,
        _same_in_both,
        gettext_lazy("Many good recordings are mono."),
    ),
    "dc-offset": Wording(
        gettext_lazy("DC offset"),
        DOUBT,
        lambda measured: _("The sound lies {share} of full scale beside zero.").format(
            share=f"{one_decimal(100 * abs(figure(measured, 'offset')))}%"
        ),
        gettext_lazy("It is a fault of equipment, and inaudible by itself."),
    ),
    "loudness": Wording(
        gettext_lazy("Loudness"), FACT, _loudness, gettext_lazy("It is a measure and no fault.")
    ),
    "duration": Wording(
        gettext_lazy("Length"),
        FACT,
        _claimed,
        gettext_lazy("It is a measure and no fault."),
    ),
    "compared": Wording(
        gettext_lazy("Compared"),
        FACT,
        lambda measured: ngettext(
            "With {n} sound that is held.", "With {n} sounds that are held.", count(measured, "recordings")
        ).format(n=number(count(measured, "recordings"))),
        gettext_lazy("What is not here is not found, nor are covers and other performances."),
    ),
    "same-title": Wording(
        gettext_lazy("The same title"),
        DOUBT,
        _title_length,
        gettext_lazy("Titles repeat by chance. Hear whether it is the same work."),
    ),
    "feat-in-title": Wording(
        gettext_lazy("A guest in the title"),
        DOUBT,
        lambda measured: _("{artist} stands in the title; the credit is the place for it.").format(
            artist=measured["artist"]
        ),
        gettext_lazy("It is a matter of style."),
    ),
    "capitalisation": Wording(
        gettext_lazy("Capital letters"),
        DOUBT,
        lambda _measured: _("The title is all of one case."),
        gettext_lazy("It is a matter of style."),
    ),
    "artist-known": Wording(
        gettext_lazy("A known artist's name"),
        DOUBT,
        lambda measured: _("{artist} is in the catalogue already.").format(artist=measured["artist"]),
        gettext_lazy("It may be the same artist, or another of the same name."),
    ),
    "refused-before": Wording(
        gettext_lazy("Refused before"),
        DOUBT,
        lambda measured: ngettext(
            "This account was refused {n} time.",
            "This account was refused {n} times.",
            count(measured, "times"),
        ).format(n=count(measured, "times")),
        gettext_lazy("It says nothing about this piece."),
    ),
    "refused-mailbox": Wording(
        gettext_lazy("A refused mailbox"),
        DOUBT,
        lambda measured: ngettext(
            "Another account whose letters end up in the same mailbox was refused {n} time.",
            "Another account whose letters end up in the same mailbox was refused {n} times.",
            count(measured, "times"),
        ).format(n=count(measured, "times")),
        gettext_lazy("Several people may share a mailbox."),
    ),
    "refused-artist": Wording(
        gettext_lazy("A refused artist's name"),
        DOUBT,
        lambda measured: ngettext(
            "Another account with this artist's name was refused {n} time.",
            "Another account with this artist's name was refused {n} times.",
            count(measured, "times"),
        ).format(n=count(measured, "times")),
        gettext_lazy("Names repeat. It may be somebody else."),
    ),
    "refused-account": Wording(
        gettext_lazy("A refused payee's account"),
        DOUBT,
        lambda measured: ngettext(
            "Another payee with the same bank or Alipay account was refused {n} time.",
            "Another payee with the same bank or Alipay account was refused {n} times.",
            count(measured, "times"),
        ).format(n=count(measured, "times")),
        gettext_lazy("A family or a label may share an account. What it is stays sealed."),
    ),
    "refused-tax": Wording(
        gettext_lazy("A refused payee's tax number"),
        DOUBT,
        lambda measured: ngettext(
            "Another payee with the same tax number was refused {n} time.",
            "Another payee with the same tax number was refused {n} times.",
            count(measured, "times"),
        ).format(n=count(measured, "times")),
        gettext_lazy("A company may have several musicians. What it is stays sealed."),
    ),
    "refused-address": Wording(
        gettext_lazy("A refused payee's address"),
        DOUBT,
        lambda measured: ngettext(
            "Another payee at the same address was refused {n} time.",
            "Another payee at the same address was refused {n} times.",
            count(measured, "times"),
        ).format(n=count(measured, "times")),
        gettext_lazy("Neighbours and families share addresses. What it is stays sealed."),
    ),
}


def in_order(cards: Sequence[Card]) -> list[Card]:
    """What speaks against it first, what is simply so last."""
    return sorted(cards, key=lambda it: (GRAVE, DOUBT, FACT).index(it.look))


def _sentence(wording: Wording, measured: Figures) -> str:
    """What was measured in words, or as figures where the words name one that is not there."""
    try:
        return wording.measured(measured)
    except KeyError:
        return _all(measured)


def card(found: Evidence, others: Mapping[str, Other]) -> Card:
    """A finding as its card; a kind without words shows its figures."""
    wording = WORDINGS.get(found.kind) or Wording(
        found.kind, DOUBT, _all, gettext_lazy("A machine measured it; a person decides.")
    )
    return Card(
        kind=found.kind,
        title=wording.title,
        look=wording.look,
        measured=_sentence(wording, found.measured),
        sure=found.confidence,
        proves_not=wording.proves_not,
        passages=[Passage(*(int(it) for it in passage)) for passage in found.passages],
        other=others.get(found.other),
    )

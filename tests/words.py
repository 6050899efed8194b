"""Translations for tests, compiled as the build does."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).parents[1] / "src/alpheus"


def compile_words(room="*"):
    """Compile every language of a room, or of all."""
    for source in SOURCE.glob(f"{room}/locale/*/LC_MESSAGES/django.po"):
        with source.open("rb") as words, source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, read_po(words, locale=source.parts[-3]))

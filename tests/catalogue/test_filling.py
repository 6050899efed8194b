"""The migration that makes labels of names: what was there stays, and is found in the new lists."""

from importlib import import_module

import music
import pytest
from django.apps import apps

from alpheus.catalogue.models import RecordingCredit, Work, WorkCredit
from alpheus.parties.models import Label

filling = import_module("alpheus.catalogue.migrations.0005_fill_labels_and_titles")


@pytest.mark.django_db
def test_labels_titles_and_work_credits_are_made_of_what_is_there():
    first = music.release("A", label_name="Saltmarsh")
    second = music.release("B", label_name="saltmarsh")
    bare = music.release("C")
    recording = first.media.get().tracks.first().recording
    artist = first.credit.artists.get().artist
    RecordingCredit.objects.create(recording=recording, artist=artist, role="composer")
    RecordingCredit.objects.create(recording=recording, artist=artist, role="drums")
    recording.works.add(Work.objects.create(title="Ebb"))

    filling.fill(apps, None)

    for row in (first, second, bare, recording):
        row.refresh_from_db()
    assert first.label == second.label == Label.objects.get()
    assert (second.label_name, bare.label) == ("saltmarsh", None)
    assert recording.sort_title == "ebb"
    assert [credit.role for credit in WorkCredit.objects.all()] == ["composer"]

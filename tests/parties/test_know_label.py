import pytest

from alpheus.parties.know_label import know_label
from alpheus.parties.models import Label

pytestmark = pytest.mark.django_db


def test_a_label_is_one_however_it_is_written():
    made = know_label(name="Éditions  de la Mer")
    assert know_label(name="editions de la mer") == made
    assert made.name == "Éditions de la Mer"
    assert Label.objects.count() == 1


def test_no_name_is_no_label():
    assert know_label(name=" \u200b ") is None
    assert not Label.objects.exists()

import pytest

from alpheus.search import vocabulary
from alpheus.search.models import Word

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_vocabulary")]


def meant(typed):
    return [it.word for it in vocabulary.now().likely(typed, edits_max=1, begun=False)]


def test_words_that_came_since_are_known():
    vocabulary.meet([["Midnight"]])
    assert meant("midnigth") == ["midnight"]
    vocabulary.meet([["Daylight", "Midnight"]])
    assert meant("dayligth") == ["daylight"]
    assert meant("midnigth") == ["midnight"]


def test_a_word_whose_transaction_ended_after_a_later_one_is_known():
    Word.objects.create(pk=1000, word="later")
    assert meant("latre") == ["later"]
    Word.objects.create(pk=999, word="earlier")
    assert meant("earleir") == ["earlier"]


def test_words_read_ahead_are_not_read_again(django_assert_num_queries):
    Word.objects.create(pk=1, word="midnight")
    Word.objects.create(pk=1 + vocabulary._LATE_MAX, word="daylight")
    vocabulary.now()
    Word.objects.all().delete()
    with django_assert_num_queries(1) as asked:
        assert meant("midnigth") == ["midnight"]
    assert "> 1" in asked[0]["sql"]

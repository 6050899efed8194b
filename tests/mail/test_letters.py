"""Letters: four languages, HTML and text, sent by a task that tries again, and nothing of them kept."""

import re
import smtplib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.core import mail
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from words import compile_words

from alpheus.mail import compose, letters
from alpheus.mail.forget import forget, forget_old
from alpheus.mail.letters import LETTERS, Kind
from alpheus.mail.models import Letter
from alpheus.mail.post import post
from alpheus.tasks.worker import Worker

ROOM = Path(letters.__file__).parent
LANGUAGES = {"en": "en", "zh-hans": "zh_Hans", "ja": "ja", "ko": "ko"}
SCRIPT = {"zh-hans": "[\u4e00-\u9fff]", "ja": "[\u3040-\u30ff]", "ko": "[\uac00-\ud7a3]"}
VALUES = {
    "email": "mei@example.org",
    "link": "https://music.example/x?a=1&b=2",
    "code": "K7MQ2P",
    "to": "new@example.org",
    "before": "old@example.org",
    "gone": "gone@example.org",
    "provider": "LINE",
    "when": datetime(2026, 12, 24, 18, 30, tzinfo=UTC),
    "place": "192.0.2.7 (Firefox)",
    "until": date(2026, 12, 31),
    "day": date(2027, 1, 7),
    "title": "雨夜",
    "words": "The chorus is Slow Weather.",
    "reason": "It is a cover",
    "shop": "潮汐",
    "titles": "雨夜\n晨雾",
    "share": "30%",
    "name": "Reed",
    "role": "Editor",
    "artist": "苍鹭",
    "after": "Heron Records",
}


@pytest.fixture(scope="session", autouse=True)
def _words():
    compile_words("mail")


@pytest.fixture(autouse=True)
def _in_memory(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def made(kind, language):
    return compose.compose(kind=kind, language=language, site="Music of the Coast", values=VALUES)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_letter_in_every_language(kind, language):
    letter = made(kind, language)
    assert "%(" not in letter.subject + letter.text + letter.html
    assert letter.subject in letter.text
    if language != "en":
        assert re.search(SCRIPT[language], letter.subject)
        assert letter.subject != made(kind, "en").subject
    if LETTERS[kind].button:
        assert VALUES["link"] in letter.text
        assert 'href="https://music.example/x?a=1&amp;b=2"' in letter.html
    if LETTERS[kind].shows_code:
        assert "K7MQ2P" in letter.text
        assert "K7MQ2P" in letter.html
    tag = {"zh-hans": "zh-Hans"}.get(language, language)
    assert f'<html lang="{tag}">' in letter.html


@pytest.mark.parametrize("locale", ["zh_Hans", "ja", "ko"])
def test_every_sentence_is_translated_with_its_values(locale):
    with (ROOM / f"locale/{locale}/LC_MESSAGES/django.po").open("rb") as words:
        known = {it.id: it.string for it in read_po(words, locale=locale) if it.id}
    said = {
        str(text._args[0])
        for it in LETTERS.values()
        for text in (it.subject, *it.paragraphs, it.button, it.why)
        if text
    }
    assert said == set(known)
    for english, translated in known.items():
        assert set(re.findall(r"%\(\w+\)s", english)) == set(re.findall(r"%\(\w+\)s", translated)), english


def test_dates_are_written_as_the_reader_writes_them():
    assert (
        "7 January 2027" in made(Kind.DELETION_ASKED, "en").text
        or "January 7, 2027" in made(Kind.DELETION_ASKED, "en").text
    )
    assert "2027年1月7日" in made(Kind.DELETION_ASKED, "ja").text
    assert "2027년 1월 7일" in made(Kind.DELETION_ASKED, "ko").text


def test_a_name_that_is_html_stays_a_name():
    values = VALUES | {"email": "<b>x</b>@example.org"}
    letter = compose.compose(kind=Kind.CONFIRM_ADDRESS, language="en", site="A & B", values=values)
    assert "<b>x</b>" not in letter.html
    assert "&lt;b&gt;x&lt;/b&gt;" in letter.html
    assert "<b>x</b>@example.org" in letter.text
    assert "A & B" in letter.text


def test_a_letter_loads_nothing():
    for kind in Kind:
        html = made(kind, "en").html
        assert not re.search(r"<(img|link|script)\b|url\(|@import", html)


def test_an_unknown_language_reads_in_english():
    assert made(Kind.EXPORT_READY, "tlh").subject == made(Kind.EXPORT_READY, "en").subject


def write(to="mei@example.org", **given):
    given = {"kind": Kind.NEW_PASSWORD, "language": "ja", "values": VALUES, "now": timezone.now()} | given
    return post(to=to, **given)


def work(worker):
    while worker._run_one_task():
        pass


@pytest.mark.django_db(transaction=True)
class TestSending:
    def test_the_worker_sends_it_once_and_nothing_of_it_is_kept(self):
        write()
        work(Worker())
        (sent,) = mail.outbox
        assert sent.to == ["mei@example.org"]
        assert [kind for _, kind in sent.alternatives] == ["text/html"]
        assert re.search(SCRIPT["ja"], sent.subject)
        assert not Letter.objects.exists()
        (task,) = DBTaskResult.objects.all()
        assert task.status == "SUCCESSFUL"
        assert "mei@" not in str(task.args_kwargs)

    def test_a_server_that_refuses_is_tried_again_and_what_it_said_is_not_kept(self, monkeypatch):
        write()

        def refuse(_self, **_given):
            raise smtplib.SMTPRecipientsRefused({"mei@example.org": (450, b"greylisted, mei@example.org")})

        with monkeypatch.context() as patched:
            patched.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
            work(Worker())
        (task,) = DBTaskResult.objects.all()
        assert task.status == "READY"
        assert task.run_after > timezone.now()
        assert "SMTPRecipientsRefused" in task.traceback
        assert "mei@example.org" not in task.traceback
        DBTaskResult.objects.update(run_after=timezone.now())
        work(Worker())
        assert len(mail.outbox) == 1

    def test_forgotten_letters_are_not_sent(self):
        write()
        write(to="wren@example.org")
        assert forget(addresses=["MEI@example.org"]) == 1
        work(Worker())
        assert [it.to for it in mail.outbox] == [["wren@example.org"]]

    def test_old_letters_are_given_up(self):
        old = write(now=datetime(2026, 1, 1, tzinfo=UTC))
        new = write()
        assert forget_old(before=datetime(2026, 1, 2, tzinfo=UTC)) == 1
        assert list(Letter.objects.values_list("pk", flat=True)) == [new.pk]
        assert old.pk != new.pk

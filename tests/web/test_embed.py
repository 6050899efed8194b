"""The player in others' pages: which pages may hold it, that it knows nobody, and how sites find it (oEmbed)."""

from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import music
import pytest
from django.urls import reverse
from django.utils import timezone

pytestmark = pytest.mark.django_db


@pytest.fixture
def album(db):
    return music.release("Tide <3", tracks=[f"Wave {n}" for n in range(3)])


class Frame(HTMLParser):
    """The attributes of the one element that there is."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)
        ((self.tag, self.attributes),) = self.found

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def path_of(kind, thing):
    return reverse(f"web:embed-{kind}", args=[thing.gid])


def asked(client, address, **given):
    return client.get(reverse("web:oembed"), {"url": address, **given})


def test_it_may_stand_in_every_page_and_all_others_in_none(guest, album):
    framed = guest.get(path_of("release", album))
    assert framed.status_code == 200
    assert "X-Frame-Options" not in framed
    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert "script-src 'self';" in framed["Content-Security-Policy"]
    assert framed["Cross-Origin-Resource-Policy"] == "cross-origin"
    own = guest.get(reverse("web:release", args=[album.gid]))
    assert own["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in own["Content-Security-Policy"]


def test_it_sets_no_cookie_and_shows_nothing_of_who_is_signed_in(signed_in, member, album):
    member.name = "Somebody Special"
    member.save()
    answered = signed_in.get(path_of("release", album))
    assert not answered.cookies
    assert "Somebody Special" not in answered.content.decode()
    assert "csrfmiddlewaretoken" not in answered.content.decode()


def test_every_piece_stands_in_it_in_order(guest, album):
    shown = guest.get(path_of("release", album)).content.decode()
    places = [shown.index(f"Wave {n}</") for n in range(3)]
    assert places == sorted(places)
    assert "Tide &lt;3" in shown


def test_what_is_gone_says_so_inside_the_frame(guest, album):
    recording = album.media.get().tracks.first().recording
    recording.removed_at = timezone.now()
    recording.save()
    for path in (path_of("recording", recording), reverse("web:embed-release", args=[uuid4()])):
        answered = guest.get(path)
        assert answered.status_code == 404
        assert "X-Frame-Options" not in answered
        assert "This music is not here any more" in answered.content.decode()


def test_a_site_that_is_given_an_address_gets_a_frame(guest, album):
    address = f"http://testserver{reverse('web:release', args=[album.gid])}?n=1"
    got = asked(guest, address)
    said = got.json()
    frame = Frame(said["html"])
    assert got["Access-Control-Allow-Origin"] == "*"
    assert (said["version"], said["type"], said["title"]) == ("1.0", "rich", "Tide <3")
    assert frame.tag == "iframe"
    assert frame.attributes["src"] == f"http://testserver{path_of('release', album)}"
    assert frame.attributes["title"] == "Tide <3"
    assert (frame.attributes["width"], frame.attributes["height"]) == (
        str(said["width"]),
        str(said["height"]),
    )


def test_a_frame_keeps_within_the_room_that_a_site_has(guest, album):
    address = f"http://testserver{reverse('web:release', args=[album.gid])}"
    said = asked(guest, address, maxwidth="300", maxheight="200").json()
    assert (said["width"], said["height"]) == (300, 200)
    wide = asked(guest, address, maxwidth="9000", maxheight="soon").json()
    assert (wide["width"], wide["height"]) == (640, 380)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "not an address",
        "https://elsewhere.example/release/{gid}",
        "http://testserver/release/00000000-0000-0000-0000-000000000000",
        "http://testserver/library",
        "http://testserver/nowhere",
        "javascript:alert(1)",
        "http://testserver@elsewhere.example/release/{gid}",
    ],
)
def test_what_is_no_address_of_music_here_is_not_found(guest, album, address):
    assert asked(guest, address.format(gid=album.gid)).status_code == 404


def test_xml_is_not_spoken(guest, album):
    address = f"http://testserver{reverse('web:release', args=[album.gid])}"
    assert asked(guest, address, format="xml").status_code == 501


def test_pages_lead_sites_and_people_to_it(guest, album):
    recording = album.media.get().tracks.first().recording
    for kind, thing in (("release", album), ("recording", recording)):
        shown = guest.get(reverse(f"web:{kind}", args=[thing.gid])).content.decode()
        link = shown.split('type="application/json+oembed" href="')[1].split('"')[0].replace("&amp;", "&")
        assert parse_qs(urlsplit(link).query)["url"] == [
            f"http://testserver{reverse(f'web:{kind}', args=[thing.gid])}"
        ]
        assert guest.get(link).status_code == 200
        assert f"&lt;iframe src=&quot;http://testserver{path_of(kind, thing)}" in shown

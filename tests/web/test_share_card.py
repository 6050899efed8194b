"""Pictures beside links: drawn with the artwork, also of what has none."""

import io
from dataclasses import replace

import music
import numpy as np
import pytest
from applying import NOW, account
from django.urls import reverse
from django.utils import timezone
from opened_shop import opened
from PIL import Image

from alpheus.catalogue.keep_cover import keep_cover
from alpheus.parties.models import StaffRole
from alpheus.rights.models import Availability
from alpheus.shops import keep_shop
from alpheus.shops.set_header import set_header
from alpheus.submissions.terms import terms
from alpheus.web.share_card import BARS, HEIGHT, MARGIN, SLEEVE, WIDTH, draw, draw_shop, heights_of


def art(colour, side=600, wide=1):
    out = io.BytesIO()
    Image.new("RGB", (side * wide, side), colour).save(out, "JPEG")
    return out.getvalue()


def seen(picture):
    return Image.open(io.BytesIO(picture)).convert("RGB")


def pixels_of(picture):
    return np.asarray(picture).reshape(-1, 3).tolist()


def near(pixel, colour, within=12):
    return all(abs(a - b) <= within for a, b in zip(pixel, colour, strict=True))


def test_the_sleeve_stands_before_a_darker_blur_of_itself():
    card = seen(draw(art((200, 60, 40)), (), 0.0))
    assert card.size == (WIDTH, HEIGHT)
    assert near(card.getpixel((MARGIN + SLEEVE // 2, HEIGHT // 2)), (200, 60, 40))
    ground = card.getpixel((10, 10))
    assert sum(ground) < sum((200, 60, 40)) * 0.6
    assert ground[0] > ground[1]


def test_the_waveform_stands_beside_it_as_high_as_it_is_loud():
    peaks = [bytes([0] * 220 + [255] * 220)]
    heights = heights_of(peaks)
    assert len(heights) == BARS
    assert (heights[0], heights[-1]) == (0, 255)
    card = seen(draw(art((0, 0, 0)), heights, 0.0))
    step = (WIDTH - 3 * MARGIN - SLEEVE) / BARS
    quiet, loud = (round(2 * MARGIN + SLEEVE + step * (place + 0.5)) for place in (2, BARS - 3))
    above = HEIGHT // 2 - 100
    assert sum(card.getpixel((loud, above))) > 600
    assert sum(card.getpixel((quiet, above))) < 150


def test_what_has_neither_is_drawn_too():
    assert seen(draw(None, heights_of([]), 200.0)).size == (WIDTH, HEIGHT)


@pytest.mark.django_db
def test_pages_name_it_and_it_is_there(guest):
    album = music.release("Tide", tracks=["Ebb", "Flood"])
    recording = album.media.get().tracks.first().recording
    for kind, thing in (("release", album), ("recording", recording)):
        path = reverse(f"web:card-{kind}", args=[thing.gid])
        page = guest.get(reverse(f"web:{kind}", args=[thing.gid])).content.decode()
        assert f'property="og:image" content="http://testserver{path}"' in page
        answered = guest.get(path)
        assert answered["Content-Type"] == "image/jpeg"
        assert seen(answered.content).size == (WIDTH, HEIGHT)
    recording.removed_at = timezone.now()
    recording.save()
    assert guest.get(reverse("web:card-recording", args=[recording.gid])).status_code == 404


def contrast(one, other):
    """Of two colours (WCAG 2.2)."""

    def luminance(pixel):
        linear = [
            it / 12.92 if it <= 0.04045 else ((it + 0.055) / 1.055) ** 2.4 for it in (c / 255 for c in pixel)
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


SHOP = {"name": "Wren", "language": "", "handle": "wren", "hue": 200.0}


@pytest.mark.parametrize("colour", [(255, 255, 255), (250, 240, 60), (120, 120, 120), (0, 0, 0)])
def test_a_shop_s_name_is_readable_on_any_picture_and_never_on_it(colour):
    header = seen(draw_shop(header=art(colour, 720, 2), sleeve=None, **SHOP))
    assert header.size == (WIDTH, HEIGHT)
    picture = header.crop((0, 0, WIDTH, 410))
    assert all(near(pixel, colour, 6) for pixel in pixels_of(picture)), "nothing is written on it"
    beside = seen(draw_shop(header=None, sleeve=art(colour), **SHOP))
    assert near(beside.getpixel((MARGIN + SLEEVE // 2, HEIGHT // 2)), colour)
    for board in (header.crop((0, 425, WIDTH, HEIGHT)), beside.crop((2 * MARGIN + SLEEVE, 0, WIDTH, HEIGHT))):
        pixels = sorted(pixels_of(board), key=sum)
        ground, ink = pixels[len(pixels) // 2], pixels[-1]
        assert contrast(ground, ink) >= 4.5
        assert sum(1 for it in pixels if near(it, (251, 250, 247), 30)) > 1000, "it is written"


@pytest.mark.django_db
def test_a_shop_s_page_names_its_card_which_shows_what_stands_there(guest, settings):
    owner = account("tide")
    shop = opened(owner, account("owl", StaffRole.Role.AUDITOR))
    release = shop.pieces.get().release
    path = "/card/shop/tide.jpg"
    assert f'property="og:image" content="http://testserver{path}"' in guest.get("/@tide").content.decode()
    plain = guest.get(path)
    assert (plain.status_code, plain["Content-Type"]) == (200, "image/jpeg")
    assert plain["Cache-Control"].startswith("public")
    release.cover = keep_cover(art((30, 160, 60)), blobs=terms().blobs())
    release.save()
    middle = (MARGIN + SLEEVE // 2, HEIGHT // 2)
    assert near(seen(guest.get(path).content).getpixel(middle), (30, 160, 60))
    set_header(owner=owner, image=art((200, 40, 40), 700, 2), blobs=terms().blobs())
    headed = seen(guest.get(path).content)
    assert near(headed.getpixel((WIDTH // 2, 100)), (200, 40, 40))
    Availability.objects.create(release=release, rule="except", territories="KR")
    assert guest.get(path)["Cache-Control"].startswith("public"), "its header is the same everywhere"
    set_header(owner=owner, image=None, blobs=terms().blobs())
    assert guest.get(path)["Cache-Control"].startswith("private")
    assert near(seen(guest.get(path).content).getpixel(middle), (30, 160, 60))
    settings.LISTENING = replace(settings.LISTENING, territory="KR")
    elsewhere = seen(guest.get(path).content).getpixel(middle)
    assert not near(elsewhere, (30, 160, 60), 40), "a sleeve that is not offered there is not shown there"
    keep_shop.close_shop(owner=owner, now=NOW)
    assert guest.get(path).status_code == 404
    assert guest.get("/card/shop/nobody.jpg").status_code == 404

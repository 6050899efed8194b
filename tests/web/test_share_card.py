"""Pictures beside links: drawn with the artwork, also of what has none."""

import io

import music
import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from alpheus.web.share_card import BARS, HEIGHT, MARGIN, SLEEVE, WIDTH, draw, heights_of


def art(colour, side=600):
    out = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(out, "JPEG")
    return out.getvalue()


def seen(picture):
    return Image.open(io.BytesIO(picture)).convert("RGB")


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

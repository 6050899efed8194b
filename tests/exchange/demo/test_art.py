import io

import pytest
from PIL import Image

from alpheus.exchange.demo import art, catalogue


@pytest.mark.parametrize("name", sorted(art.COVERS))
def test_sleeves_are_square_colourful_and_the_same_each_time(name):
    drawn = art.cover(name)
    image = Image.open(io.BytesIO(drawn))
    assert image.format == "PNG"
    assert image.size == (1200, 1200)
    assert len(drawn) < 400_000
    assert len(image.convert("RGB").resize((60, 60)).getcolors(3600)) > 8
    assert art.cover(name) == drawn


def test_every_release_has_a_sleeve_of_its_own():
    names = [release.cover for release in catalogue.RELEASES]
    assert len(set(names)) == len(names)
    assert set(names) == set(art.COVERS)

import pytest

from alpheus.storage.blobs import Blobs
from alpheus.storage.errors import StoreUnavailable
from alpheus.web.views import cover

DIGEST = "d" * 64


@pytest.fixture
def blobs(tmp_path, monkeypatch):
    made = Blobs.open(tmp_path.as_uri())
    monkeypatch.setattr(cover, "blobs", lambda: made)
    return made


def test_a_cover_may_be_kept_for_ever(client, blobs):
    blobs.put(f"covers/dd/{DIGEST}/384.avif", b"pixels")
    response = client.get(f"/cover/{DIGEST}/384.avif")
    assert response.content == b"pixels"
    assert response["Content-Type"] == "image/avif"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Cookie" not in response.get("Vary", "")


def test_a_missing_cover_is_a_sleeve_of_ours_and_soon_asked_for_again(client, blobs):
    response = client.get(f"/cover/{DIGEST}/384.jpg")
    assert response.status_code == 404
    assert response["Content-Type"] == "image/svg+xml"
    assert "immutable" not in response["Cache-Control"]


def test_a_store_that_is_down_is_not_remembered(client, monkeypatch):
    class Down:
        def get(self, _path):
            raise StoreUnavailable("down")

    monkeypatch.setattr(cover, "blobs", Down)
    response = client.get(f"/cover/{DIGEST}/384.webp")
    assert response.status_code == 503
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", [f"{DIGEST}/384.png", f"{DIGEST}/0.jpg", "..%2f..%2fsecrets/1.jpg", f"{DIGEST}/-1.jpg"]
)
def test_other_names_are_not_found(client, blobs, path):
    assert client.get(f"/cover/{path}").status_code == 404

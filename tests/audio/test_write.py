import av
import numpy as np
import pytest

from alpheus.audio.tags import read_tags
from alpheus.audio.write import write_flac

RATE_HZ = 44_100


def decoded(path):
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray().reshape(-1, 2) for frame in container.decode(audio=0)]
    return np.concatenate(frames)


def test_a_written_file_is_read_back_to_the_sample(tmp_path):
    sound = np.random.default_rng(1).integers(-20_000, 20_000, (100_003, 2)).astype(np.int16)
    write_flac(
        tmp_path / "a.flac",
        sound,
        rate_hz=RATE_HZ,
        comments=[("TITLE", "河不睡"), ("GENRE", "a"), ("GENRE", "b")],
    )
    assert np.array_equal(decoded(tmp_path / "a.flac"), sound)
    tags = read_tags(tmp_path / "a.flac")
    assert tags.title == "河不睡"
    assert tags.genres == ("a", "b")
    assert [file.name for file in tmp_path.iterdir()] == ["a.flac"]


def test_only_sixteen_bit_stereo_is_written(tmp_path):
    with pytest.raises(ValueError, match="16-bit stereo"):
        write_flac(tmp_path / "a.flac", np.zeros((10, 1), dtype=np.int16), rate_hz=RATE_HZ)
    assert not list(tmp_path.iterdir())

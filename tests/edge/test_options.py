"""Options travel as JSON and refuse what cannot work."""

import pytest
from edge.kit import options

from alpheus.edge.errors import OptionsError
from alpheus.edge.options import EdgeOptions


def test_there_and_back(tmp_path):
    made = options(tmp_path, lead_seconds=12.5, strategies=("ladder", "braid"))
    assert EdgeOptions.from_json(made.to_json()) == made


def test_keys_are_not_shown(tmp_path):
    assert "kkkk" not in repr(options(tmp_path))


@pytest.mark.parametrize(
    "changed",
    [
        {"kek": b"short"},
        {"lead_seconds": 3.0},
        {"epoch_seconds": 0},
        {"strategies": ()},
        {"token_seconds": 0},
        {"connections_max": 0},
        {"idle_seconds": 0},
        {"drain_seconds": 0},
    ],
)
def test_what_cannot_work_is_refused(tmp_path, changed):
    with pytest.raises(OptionsError):
        options(tmp_path, **changed)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"kek": 1}', "nonsense"])
def test_what_is_no_options_is_refused(text):
    with pytest.raises(OptionsError):
        EdgeOptions.from_json(text)

import pytest

from alpheus.config.logs import redact


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("token", "abc"),
        ("password", "hunter22"),
        ("Authorization", "Bearer x"),
        ("grant", "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJhbHBoZXVzIn0.c2lnbmF0dXJl"),
        ("internal_key", "00ff"),
    ],
)
def test_secrets_never_reach_a_log(field, value):
    assert redact(None, "info", {"event": "x", field: value})[field] == "—"


def test_a_grant_inside_a_sentence_is_cut_out():
    event = redact(
        None, "info", {"event": "got eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJhbHBoZXVzIn0.c2lnbmF0dXJl today"}
    )
    assert event["event"] == "got — today"


def test_the_rest_stays():
    assert redact(None, "info", {"event": "folded", "plays": 3}) == {"event": "folded", "plays": 3}

"""The command line's words to the edge, over real HTTP to one that answers as it is told."""

import json

import pytest
from stub_edge import StubEdge

from alpheus.config import edge_client
from alpheus.config.settings import Settings

TOLD = {
    "epoch": 7,
    "in_force": "tide",
    "forced": "tide",
    "installed": ["ladder", "tide"],
    "retired": ["braid"],
}
LINES = ["  braid        retired", "  ladder       installed", "* tide         installed, in force, forced"]


@pytest.fixture
def settings_for(tmp_path):
    def made(stub):
        return Settings(data=tmp_path, edge_port=int(stub.url.rpartition(":")[2]))

    return made


@pytest.mark.parametrize(
    ("verb", "name", "body"),
    [
        ("install", "braid", {"install": "braid"}),
        ("retire", "tide", {"retire": "tide"}),
        ("draw", "", {"draw": True}),
    ],
)
def test_a_choice_is_sent_and_what_is_then_is_told(settings_for, verb, name, body):
    with StubEdge(body=TOLD) as stub:
        (told,) = edge_client.choose_strategies(settings_for(stub), verb, name)
    assert (list(told.lines), told.trouble) == (LINES, "")
    path, headers, sent = stub.asked[0]
    assert (path, sent) == ("/internal/strategies/choose", body)
    assert headers["Authorization"].startswith("Bearer ")


def test_a_refusal_is_the_edges_own_sentence(settings_for):
    problem = {
        "code": "malformed",
        "detail": "tide is the only strategy installed. Install another one first.",
    }
    with StubEdge(status=400, body=problem) as stub:
        (told,) = edge_client.choose_strategies(settings_for(stub), "retire", "tide")
    assert (told.lines, told.trouble) == ((), problem["detail"])


def test_an_answer_that_is_no_problem_is_told_by_its_status(settings_for):
    with StubEdge(status=502, body=b"<html>") as stub:
        (told,) = edge_client.turn_epoch(settings_for(stub))
    assert "502" in told.trouble


def test_turning_the_epoch_tells_what_the_edge_says(settings_for):
    with StubEdge(body={"epoch": 9, "strategy": "braid"}) as stub:
        (told,) = edge_client.turn_epoch(settings_for(stub))
    assert json.loads(told.lines[0]) == {"epoch": 9, "strategy": "braid"}
    assert stub.asked[0][0] == "/internal/epoch/turn"


def test_every_edge_is_asked_also_when_one_is_away_or_refuses(tmp_path):
    with StubEdge(body={"epoch": 9}) as well, StubEdge(status=503, body={"detail": "Full."}) as ill:
        settings = Settings(
            data=tmp_path,
            edges=f"a https://a.example http://127.0.0.1:9; b https://b.example {ill.url}; c https://c.example {well.url}",
        )
        away, refusing, there = edge_client.turn_epoch(settings)
    assert "http://127.0.0.1:9" in away.trouble
    assert (refusing.edge.id, refusing.trouble) == ("b", "Full.")
    assert (there.edge.id, there.trouble, json.loads(there.lines[0])) == ("c", "", {"epoch": 9})

"""Which edges an installation has, by its settings; what is written wrongly is told with what to write."""

import pytest

from alpheus.config import edges, processes
from alpheus.config.settings import Settings, SettingsError, load
from alpheus.listening.terms import Edge

TWO = "edge-1 https://e1.example http://10.0.0.2:8001; edge-2 https://e2.example:8443 http://10.0.0.3:8001 draining"


@pytest.fixture(autouse=True)
def fresh():
    load.cache_clear()
    yield
    load.cache_clear()


def test_one_edge_by_default():
    assert edges.edges_of(Settings()) == (Edge("edge-1", "", 8001, "http://127.0.0.1:8001"),)


def test_several_on_this_machine_have_ports_in_a_row():
    settings = Settings(
        edge_count=3, edge_port=9001, tls_certificate="c.pem", tls_key="k.pem", bind="0.0.0.0"
    )
    assert edges.edges_of(settings) == (
        Edge("edge-1", "", 9001, "https://127.0.0.1:9001"),
        Edge("edge-2", "", 9002, "https://127.0.0.1:9002"),
        Edge("edge-3", "", 9003, "https://127.0.0.1:9003"),
    )
    assert edges.own_port(settings, edges.own_edge(settings, "edge-3")) == 9003
    names = [part.name for part in processes.parts(settings, demo=False)]
    assert names == ["web", "edge-1", "edge-2", "edge-3", "worker"]


def test_edges_on_several_machines_are_named():
    settings = Settings(edges=TWO, edge_id="edge-2", edge_port=8001)
    first, second = edges.edges_of(settings)
    assert first == Edge("edge-1", "https://e1.example", 443, "http://10.0.0.2:8001")
    assert second == Edge("edge-2", "https://e2.example:8443", 8443, "http://10.0.0.3:8001", serving=False)
    assert edges.own_edges(settings) == (second,)
    assert edges.own_port(settings, second) == 8001
    assert edges.own_edge(settings, "edge-1") == first
    assert [part.name for part in processes.parts(settings, demo=False)] == ["web", "edge", "worker"]


def test_they_may_stand_on_lines_of_their_own():
    assert [edge.id for edge in edges.named_edges(TWO.replace("; ", "\n") + "\n")] == ["edge-1", "edge-2"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"EDGES": "edge-1 https://e1.example"}, "edge-1 has 2 words; write: id"),
        ({"EDGES": "Edge https://e1.example http://10.0.0.2"}, "'Edge' is no id"),
        ({"EDGES": "../a https://e1.example http://10.0.0.2"}, "is no id"),
        ({"EDGES": "a e1.example http://10.0.0.2"}, "a: e1.example is no address"),
        ({"EDGES": "a https://e1.example/path http://10.0.0.2"}, "is no address"),
        ({"EDGES": "a https://e1.example;script-src http://10.0.0.2"}, "words"),
        ({"EDGES": "a https://e1.example,* http://10.0.0.2"}, "is no address"),
        ({"EDGES": "a https://e1.example:port http://10.0.0.2"}, "is no address"),
        ({"EDGES": f"{TWO}; edge-1 https://e3.example http://10.0.0.4"}, "edge-1 is named twice"),
        ({"EDGES": "draining"}, "draining has 0 words"),
        ({"EDGES": TWO, "EDGE_COUNT": "2"}, "leave ALPHEUS_EDGE_COUNT"),
        ({"EDGES": TWO, "EDGE_URL": "https://e.example"}, "ALPHEUS_EDGE_URL out"),
        ({"EDGES": TWO, "EDGE_ID": "edge-9"}, "no edge is called 'edge-9'; there are edge-1, edge-2"),
        ({"EDGE_COUNT": "2", "EDGE_URL": "https://e.example"}, "name each with its own in ALPHEUS_EDGES"),
        ({"EDGE_COUNT": "8", "EDGE_PORT": "65530"}, "ALPHEUS_EDGE_COUNT"),
        ({"EDGE_COUNT": "8", "EDGE_PORT": "7995"}, "beside web's 8000"),
        ({"EDGE_COUNT": "0"}, "ALPHEUS_EDGE_COUNT"),
    ],
)
def test_what_is_written_wrongly_is_told_with_what_to_write(monkeypatch, given, says):
    for name, value in given.items():
        monkeypatch.setenv(f"ALPHEUS_{name}", value)
    with pytest.raises(SettingsError) as raised:
        load()
    assert says in str(raised.value)


def test_a_process_that_is_no_edge_of_ours_does_not_start():
    with pytest.raises(SettingsError, match="there are edge-1"):
        processes.edge(Settings(), "edge-7")

"""Which strategies are in service: changed by command while people listen, and kept by a restarted edge."""

import json

import pytest
from edge.kit import Site, want
from edge.strategies.readers import READERS

from alpheus.edge.errors import Malformed
from alpheus.edge.strategies import service
from alpheus.edge.strategies.contract import BatchContext
from alpheus.edge.strategies.known import STRATEGIES
from alpheus.edge.strategies.service import Service
from alpheus.packaging.segments import decrypt

ALL = tuple(STRATEGIES)


@pytest.mark.parametrize(
    ("before", "change", "name", "after"),
    [
        (Service(ALL), Service.retire, "ladder", Service(("braid", "tide"))),
        (Service(ALL), Service.retire, "braid", Service(("ladder", "tide"))),
        (Service(("tide",)), Service.install, "ladder", Service(("ladder", "tide"))),
        (Service(("tide",)), Service.install, "tide", Service(("tide",))),
        (Service(ALL), Service.force, "tide", Service(ALL, "tide")),
        (Service(("ladder",)), Service.force, "tide", Service(("ladder",), "tide")),
        (Service(ALL, "tide"), Service.force, "braid", Service(ALL, "braid")),
        (Service(ALL, "tide"), Service.retire, "tide", Service(("ladder", "braid"))),
        (Service(ALL, "tide"), Service.retire, "braid", Service(("ladder", "tide"), "tide")),
        (Service(("ladder",)), Service.retire, "braid", Service(("ladder",))),
    ],
)
def test_each_command_and_what_it_leaves(before, change, name, after):
    assert change(before, name) == after


def test_draw_ends_a_force():
    assert Service(ALL, "tide").draw() == Service(ALL)


def test_the_last_one_stays():
    with pytest.raises(Malformed, match="Install another"):
        Service(("tide",)).retire("tide")


@pytest.mark.parametrize("change", [Service.install, Service.retire, Service.force])
def test_an_unknown_one_is_named_with_what_there_is(change):
    with pytest.raises(Malformed, match="known are ladder"):
        change(Service(ALL), "reef")


@pytest.mark.parametrize("chosen", [Service(ALL), Service(("tide",)), Service(("ladder", "tide"), "braid")])
def test_a_choice_is_read_back(tmp_path, chosen):
    service.write(tmp_path / "keylog", chosen)
    assert service.read(tmp_path / "keylog", usual=("ladder",)) == chosen


def test_the_first_start_writes_down_what_is_usual_so_that_an_upgrade_draws_nothing_new(tmp_path):
    assert service.read(tmp_path, usual=("ladder", "braid")) == Service(("ladder", "braid"))
    assert service.read(tmp_path, usual=ALL) == Service(("ladder", "braid"))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", Service(("braid",))),
        ("[]", Service(("braid",))),
        ('{"installed": 7, "forced": null}', Service(("braid",))),
        ('{"installed": ["reef"], "forced": "reef"}', Service(("braid",))),
        ('{"installed": ["reef", "tide"], "forced": "reef"}', Service(("tide",))),
        ('{"installed": [], "forced": "tide"}', Service(("braid",), "tide")),
    ],
)
def test_a_damaged_choice_never_keeps_an_edge_from_playing(tmp_path, text, read):
    (tmp_path / service.FILE).write_text(text)
    assert service.read(tmp_path, usual=("braid",)) == read


@pytest.fixture
def all_of_them(tmp_path):
    site = Site(tmp_path, strategies=ALL)
    yield site
    site.edge.close()


async def in_force(site):
    return (await site.internal("strategies", method="GET"))["in_force"]


async def test_force_turns_the_epoch_at_once_and_holds_until_draw(all_of_them):
    site = all_of_them
    for name in ALL * 2:
        before = site.edge.epochs.current().number
        told = await site.internal("strategies/choose", {"force": name})
        assert (told["in_force"], told["forced"]) == (name, name)
        assert told["epoch"] > before or before == told["epoch"]
        for _ in range(5):
            assert (await site.internal("epoch/turn"))["strategy"] == name
    assert (await site.internal("strategies/choose", {"draw": True}))["forced"] is None
    drawn = {(await site.internal("epoch/turn"))["strategy"] for _ in range(60)}
    assert drawn == set(ALL)


async def test_a_retired_one_ends_at_once_and_is_drawn_no_more(all_of_them):
    site = all_of_them
    gone = await in_force(site)
    told = await site.internal("strategies/choose", {"retire": gone})
    assert told["retired"] == [gone]
    assert told["in_force"] != gone
    assert gone not in {(await site.internal("epoch/turn"))["strategy"] for _ in range(40)}
    await site.internal("strategies/choose", {"install": gone})
    assert gone in {(await site.internal("epoch/turn"))["strategy"] for _ in range(40)}


async def test_retiring_what_is_not_in_force_disturbs_nobody(all_of_them):
    site = all_of_them
    now = await in_force(site)
    number = site.edge.epochs.current().number
    await site.internal("strategies/choose", {"retire": next(name for name in ALL if name != now)})
    assert (await in_force(site), site.edge.epochs.current().number) == (now, number)


async def test_a_restarted_edge_keeps_what_was_chosen(all_of_them):
    site = all_of_them
    await site.internal("strategies/choose", {"retire": "ladder"})
    await site.internal("strategies/choose", {"force": "tide"})
    site.restart()
    told = await site.internal("strategies", method="GET")
    assert (told["installed"], told["retired"], told["forced"]) == (["braid", "tide"], ["ladder"], "tide")
    assert told["in_force"] == "tide"


async def test_what_cannot_be_written_down_does_not_hold(all_of_them, monkeypatch):
    site = all_of_them

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(service, "write", full)
    before = await site.internal("strategies", method="GET")
    assert (await site.internal("strategies/choose", {"force": "braid"})).status == 500
    assert (await site.internal("strategies", method="GET")).body == before.body


@pytest.mark.parametrize(
    "body", [{}, {"force": 7}, {"install": None}, {"force": "tide", "retire": "braid"}, {"reef": "tide"}]
)
async def test_a_choice_that_is_none_is_refused(all_of_them, body):
    assert (await all_of_them.internal("strategies/choose", body)).status == 400


async def test_who_listens_goes_over_without_losing_a_segment(all_of_them):
    """One stream through every change: each segment comes once, in order, and what was released before still opens."""
    site = all_of_them
    index = site.rendition(samples=200 * 44_100)
    me = site.listener()
    gid, token = me.grant(index)
    heard, waiting, forms = [], [], []
    for sequence in range(12):
        await site.internal("strategies/choose", {"force": ALL[sequence % 3]})
        answer = await site.post(
            me.stream,
            sequence=sequence,
            grants=[] if sequence else [token],
            want=[want(gid, len(heard))],
            ahead_seconds=8,
        )
        forms.append(answer["strategy"])
        batch = BatchContext(me.stream, sequence, answer["epoch"])
        for release in waiting:  # fetched only now, under the strategy after its own
            assert (await site.get(release[3])).status == 200
        waiting = READERS[answer["strategy"]](answer["released"], batch)
        for _, _, segment, url, key, iv in waiting:
            assert decrypt((await site.get(url)).body, key, iv)[4:8] == b"moof"
            heard.append(segment)
        site.clock.passes(8)
    assert forms == list(ALL) * 4
    assert heard == list(range(len(heard)))
    assert len(heard) >= 20


async def test_driftwood_leads_nowhere(all_of_them):
    site = all_of_them
    index = site.rendition(samples=200 * 44_100)
    me = site.listener()
    gid, token = me.grant(index)
    await site.internal("strategies/choose", {"force": "tide"})
    rows = real = 0
    for sequence in range(10):
        answer = await site.post(
            me.stream, sequence=sequence, grants=[token], want=[want(gid, 4 * sequence)], ahead_seconds=16
        )
        released = answer["released"]
        for (_, _, half), rest in zip(released["rows"], reversed(released["rest"]), strict=True):
            rows += 1
            status = (await site.get(f"/s/{half}.{rest}")).status
            assert status in {200, 404}
            real += status == 200
        batch = BatchContext(me.stream, sequence, answer["epoch"])
        assert len(READERS["tide"](released, batch)) <= len(released["rows"])
        site.clock.passes(30)
    assert 20 <= real < rows


def test_the_file_says_what_a_person_can_read(tmp_path):
    service.write(tmp_path, Service(("ladder", "tide"), "tide"))
    assert json.loads((tmp_path / service.FILE).read_text()) == {
        "installed": ["ladder", "tide"],
        "forced": "tide",
    }

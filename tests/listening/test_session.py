"""The queue in the cloud: edits that never lose anything, reports, words to the device that plays, taking over."""
# ruff: noqa: ARG005 - a case of the table takes what it needs

from datetime import timedelta
from uuid import UUID, uuid4

import music
import pytest

from alpheus.listening import play, queue, session
from alpheus.listening.carry_on import Left
from alpheus.listening.edit import edit
from alpheus.listening.errors import DeviceAway, PlaysElsewhere, QueueFull
from alpheus.listening.models import Device, Grant, Listener, PlaybackSession
from alpheus.listening.operations import (
    Clear,
    Insert,
    Jump,
    Move,
    Remove,
    Report,
    Seek,
    SetRepeat,
    SetShuffle,
    SetStop,
    Tell,
    Transfer,
)
from alpheus.listening.places import GAP, entry_gids, position_now_ms, ranks_between
from alpheus.listening.play import Begin, Caller, Resume
from alpheus.listening.queue import Anchor

pytestmark = pytest.mark.django_db

SEED = "a" * 24


class Scene:
    """A listener with a queue, and what their devices ask."""

    def __init__(self, terms, now):
        self.terms, self.now = terms, now
        self.listener = Listener.objects.create()
        self.names = {}
        self.gids = []

    def play(self, letters, *, index=0, seed=SEED, agent="laptop", **given):
        songs = [music.recording(letter) for letter in letters]
        self.names |= {song.gid: song.title for song in songs}
        self.gids = entry_gids(seed, len(songs))
        wish = Begin([song.gid for song in songs], index, seed=seed, **given)
        return self.begin(wish, agent)

    def begin(self, wish, agent, *, replaces=None, terms=None, continues=None):
        device = Device.objects.filter(listener=self.listener, user_agent=agent).first()
        return play.begin(
            caller=Caller(
                self.listener,
                device.gid if device else None,
                agent,
                "",
                left=Left(continues, -1) if continues else None,
            ),
            web_session={},
            wish=wish,
            replaces=replaces,
            terms=terms or self.terms,
            now=self.now,
        )

    def ask(self, *operations):
        return edit(listener=self.listener, operations=operations, now=self.now)

    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)

    @property
    def kept(self):
        return PlaybackSession.objects.get(listener=self.listener)

    @property
    def order(self):
        return "".join(self.names[row.recording] for row in queue.ordered(self.kept))

    @property
    def current(self):
        return self.names.get(session.current(self.kept))


@pytest.fixture
def scene(terms, now):
    return Scene(terms, now)


def inserted(scene, letters, seed, anchor):
    songs = [music.recording(letter) for letter in letters]
    scene.names |= {song.gid: song.title for song in songs}
    return Insert([song.gid for song in songs], seed, anchor)


EDITS = [
    # what is asked, in the letters of a queue ABCDE that plays B, and the queue that follows
    (lambda s, e: [Move(e["D"], Anchor(after=e["A"]))], "ADBCE"),
    (lambda s, e: [Move(e["A"], Anchor())], "BCDEA"),
    (lambda s, e: [Move(e["E"], Anchor(before=e["A"]))], "EABCD"),
    (lambda s, e: [Move(e["C"], Anchor(after=e["C"]))], "ABCDE"),
    (lambda s, e: [Remove([e["D"]]), Move(e["D"], Anchor(after=e["A"]))], "ABCE"),
    (lambda s, e: [Remove([e["D"]]), Move(e["A"], Anchor(after=e["D"]))], "BCEA"),
    (lambda s, e: [Remove([e["D"]]), Move(e["A"], Anchor(after=e["D"], before=e["C"]))], "BACE"),
    (lambda s, e: [Remove([e["D"]]), inserted(s, "X", "b" * 24, Anchor(after=e["D"]))], "ABCEX"),
    (lambda s, e: [inserted(s, "XY", "b" * 24, Anchor(after=e["B"]))], "ABXYCDE"),
    (lambda s, e: [inserted(s, "X", "b" * 24, Anchor(before=e["A"]))], "XABCDE"),
    (lambda s, e: [Move(e["A"], Anchor(after=e["D"])), Move(e["A"], Anchor(after=e["B"]))], "BACDE"),
    (lambda s, e: [Remove([e["A"], e["C"], e["E"]])], "BD"),
    (lambda s, e: [Clear()], "B"),
]


@pytest.mark.parametrize(("asked", "order"), EDITS)
def test_the_queue_is_edited(scene, asked, order):
    scene.play("ABCDE", index=1)
    entries = dict(zip("ABCDE", scene.gids, strict=True))
    before = scene.kept
    scene.ask(*asked(scene, entries))
    assert scene.order == order
    assert scene.current == "B"
    assert (scene.kept.queue_version > before.queue_version) == (order != "ABCDE")


def test_asking_twice_is_asking_once(scene):
    scene.play("ABC")
    asked = inserted(scene, "XY", "b" * 24, Anchor(after=scene.gids[0]))
    scene.ask(asked)
    scene.ask(asked)
    assert scene.order == "AXYBC"


def test_two_devices_that_edit_at_once_lose_nothing(scene):
    """Whatever the order of arrival: every insert is there, what was taken out is not, the later move stands."""
    scene.play("ABCDE")
    e = dict(zip("ABCDE", scene.gids, strict=True))
    scene.ask(Move(e["E"], Anchor(after=e["A"])), inserted(scene, "X", "b" * 24, Anchor(after=e["B"])))
    scene.ask(
        Remove([e["B"]]),
        Move(e["E"], Anchor(after=e["C"])),
        inserted(scene, "Y", "c" * 24, Anchor(after=e["A"])),
    )
    assert scene.order == "AYXCED"


def test_many_moves_to_one_place_find_room(scene):
    scene.play("ABCDE")
    first = scene.gids[0]
    for _ in range(40):
        scene.ask(Move(scene.gids[4], Anchor(after=first)), Move(scene.gids[3], Anchor(after=first)))
    assert scene.order == "ADEBC"


def test_taking_out_what_plays_has_its_follower_play(scene):
    scene.play("ABC", index=1)
    kept = scene.ask(Remove([scene.gids[1]]))
    assert (scene.current, kept.position_ms, kept.directed, kept.playing) == ("C", 0, kept.version, True)
    scene.ask(Remove([scene.gids[2]]))
    assert scene.current == "A"
    kept = scene.ask(Remove([scene.gids[0]]))
    assert (kept.entry, kept.playing, scene.order) == (None, False, "")


def test_a_queue_has_an_end(scene):
    scene.play("A")
    gids = [uuid4()] * 9_999
    scene.ask(Insert(gids, "b" * 24, Anchor()))
    with pytest.raises(QueueFull):
        scene.ask(Insert(gids[:1], "c" * 24, Anchor()))


def test_shuffle_keeps_what_plays_and_the_way_back(scene):
    letters = "ABCDEFGHIJKLMNOPQRST"
    scene.play(letters, index=3)
    scene.ask(SetShuffle(on=True))
    assert scene.order[0] == "D"
    assert sorted(scene.order) == list(letters)
    assert scene.order != letters
    entries = dict(zip(letters, scene.gids, strict=True))
    scene.ask(Move(entries["A"], Anchor(after=entries["D"])))
    assert scene.order[:2] == "DA"
    scene.ask(SetShuffle(on=False))
    assert (scene.order, scene.current) == (letters, "D")


def test_a_new_queue_is_shuffled_where_shuffle_is_on(scene):
    scene.play("A")
    scene.ask(SetShuffle(on=True))
    scene.play("BCDEFGHIJKLMN", index=4, seed="b" * 24)
    assert (scene.order[0], scene.current) == ("F", "F")
    scene.play("BCD", seed="c" * 24, shuffle=False)
    assert (scene.order, scene.kept.shuffle) == ("BCD", False)


def test_the_place_goes_on_by_itself_while_it_plays(scene):
    played = scene.play("AB")
    report = Report(played.stream.id, scene.gids[0], 30_000, playing=True, heard=0)
    scene.ask(report)
    scene.wait(7)
    assert session.position_ms(scene.kept, now=scene.now) == 37_000
    scene.wait(100)
    assert session.position_ms(scene.kept, now=scene.now) == 50_000, "no further than anybody vouches for"
    assert not session.is_playing(scene.kept, now=scene.now)


@pytest.mark.parametrize(
    ("what", "current"), [("next", "C"), ("previous", "A"), ("play", "B"), ("pause", "B")]
)
def test_another_device_tells_the_one_that_plays(scene, what, current):
    played = scene.play("ABC", index=1)
    Device.objects.update(live_at=scene.now)
    kept = scene.ask(Tell(what))
    assert (scene.current, kept.directed) == (current, kept.version)
    assert kept.playing == (what != "pause")
    stale = Report(played.stream.id, scene.gids[1], 9_000, playing=True, heard=0)
    scene.ask(stale)
    assert scene.kept.position_ms == 0, "it has not heard the last word yet"
    scene.ask(Report(played.stream.id, scene.gids[0], 9_000, playing=True, heard=kept.directed))
    assert (scene.kept.position_ms, scene.current) == (9_000, "A")


def test_next_and_previous_at_the_ends(scene):
    scene.play("AB", index=1)
    scene.ask(Tell("next"))
    assert scene.current == "B"
    scene.ask(SetRepeat("all"), Tell("next"))
    assert scene.current == "A"
    scene.ask(Tell("previous"))
    assert scene.current == "B"
    scene.ask(Seek(8_000), Tell("previous"))
    assert (scene.current, scene.kept.position_ms) == ("B", 0)
    scene.ask(Jump(scene.gids[0]), Jump(uuid4()))
    assert scene.current == "A"


def test_the_music_stops_by_itself_wherever_it_plays_by_then(scene):
    scene.play("AB")
    scene.ask(SetStop(60_000, None))
    scene.wait(20)
    scene.play("AB", agent="phone", seed="c" * 24)  # it went to another device meanwhile
    assert session.stops_in_ms(scene.kept, now=scene.now) == 40_000
    scene.wait(40)
    assert session.stops_in_ms(scene.kept, now=scene.now) is None, "a moment that passed is forgotten"
    before = scene.kept
    scene.ask(SetStop(None, scene.gids[0]))
    assert (scene.kept.stops_at, scene.kept.stops_after) == (None, scene.gids[0])
    assert (scene.kept.version, scene.kept.directed) == (before.version + 1, before.directed)
    scene.ask(SetStop(None, None))
    assert (scene.kept.stops_at, scene.kept.stops_after) == (None, None)


def test_who_does_not_hear_cannot_be_told_to_play(scene):
    scene.play("A")
    scene.ask(Tell("pause"))
    with pytest.raises(DeviceAway):
        scene.ask(Tell("play"))
    with pytest.raises(DeviceAway):
        scene.ask(Transfer(Device.objects.get().gid))


def test_taking_over_goes_on_at_the_same_moment_and_ends_the_other(scene):
    first = scene.play("ABC", index=1)
    scene.ask(Report(first.stream.id, scene.gids[1], 60_000, playing=True, heard=0))
    scene.wait(5)
    second = scene.begin(Resume(), "phone")
    assert second.position_ms == 65_000
    assert second.minted.grant.recording.title == "B"
    assert {row.stream for row in second.void} == {first.stream.id}
    assert not Grant.objects.filter(stream=first.stream.id, cancelled_at=None).exists()
    assert scene.kept.device == second.device
    with pytest.raises(PlaysElsewhere):
        scene.begin(Resume(), "laptop", continues=first.stream.id)
    scene.ask(Report(first.stream.id, scene.gids[0], 1, playing=False, heard=9))
    assert (scene.current, scene.kept.playing) == ("B", True), "who was taken over from is not believed"


def test_a_player_that_begins_anew_ends_its_own_stream_itself(scene):
    first = scene.play("AB")
    second = scene.begin(Resume(entry=scene.gids[1]), "laptop", replaces=first.stream.id)
    assert (second.void, second.position_ms) == ((), 0)
    revived = scene.begin(
        Resume(scene.gids[1], 4_000), "laptop", replaces=second.stream.id, continues=second.stream.id
    )
    assert revived.position_ms == 4_000


def test_terms_may_let_several_sound_at_once(scene, terms):
    from dataclasses import replace

    two = replace(terms, streams_at_once=2)
    first = scene.play("AB")
    scene.wait(1)
    second = scene.begin(Resume(), "phone", terms=two)
    assert second.void == ()
    scene.wait(1)
    third = scene.begin(Resume(), "tablet", terms=two)
    assert {row.stream for row in third.void} == {first.stream.id}


def test_music_is_sent_to_a_device_that_hears(scene):
    scene.play("AB")
    phone = Device.objects.create(listener=scene.listener, user_agent="phone", live_at=scene.now)
    kept = scene.ask(Transfer(phone.gid))
    assert (kept.device, kept.stream, kept.playing, kept.directed) == (phone, None, True, kept.version)
    with pytest.raises(PlaysElsewhere):
        scene.begin(Resume(), "laptop", continues=uuid4())


def test_windows_lie_around_what_plays(scene):
    scene.play("A")
    scene.ask(Insert([UUID(int=n) for n in range(500)], "b" * 24, Anchor()))
    entries = entry_gids("b" * 24, 500)
    scene.ask(Jump(entries[300]))
    seen = session.snapshot(scene.kept, now=scene.now)
    assert (seen.index, seen.window.offset, seen.window.length) == (301, 281, 501)
    assert seen.window.entries[20].gid == entries[300]
    assert (seen.first.gid, seen.last.gid) == (scene.gids[0], entries[499])
    part = queue.part(scene.kept, offset=499, limit=10)
    assert [row.gid for row in part.entries] == entries[498:]


def test_edits_of_a_long_queue_write_little(scene, django_assert_max_num_queries):
    scene.play("A")
    scene.ask(Insert([UUID(int=n) for n in range(9_000)], "b" * 24, Anchor()))
    entries = entry_gids("b" * 24, 9_000)
    with django_assert_max_num_queries(14):
        scene.ask(Move(entries[8_999], Anchor(after=entries[1])))
    with django_assert_max_num_queries(14):
        scene.ask(SetShuffle(on=True))


def test_ranks():
    assert ranks_between(None, None, 2) == [GAP, 2 * GAP]
    assert ranks_between(5, None, 1) == [5 + GAP]
    assert ranks_between(None, 0, 2) == [-2 * GAP, -GAP]
    assert ranks_between(0, 10, 1) == [5]
    assert ranks_between(0, 3, 2) == [1, 2]
    assert ranks_between(0, 2, 2) is None


def test_a_clock_that_goes_back_moves_nothing(now):
    later = now + timedelta(days=1)
    assert position_now_ms(position_ms=5, positioned_at=later, playing=True, now=now) == 5

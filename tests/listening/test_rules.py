"""What counts as heard: worked examples, a naive oracle, and a player that really plays."""

import itertools
import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from alpheus.listening import history
from alpheus.listening.rules import (
    SLACK_MS,
    GrantFacts,
    KeyRecord,
    Playhead,
    Release,
    StreamHistory,
    fold,
    intersection,
    latest,
    length,
    union,
    unknown_grants,
)

RATE = 1000  # a sample is a millisecond, so that tables can be read
SONG = 200_000


def facts(recording="song", samples=SONG, *, preview=False, window=None):
    return GrantFacts(recording, RATE, samples, window or (0, samples), preview, "")


GRANTS = {
    "a": facts("A"),
    "b": facts("B"),
    "c": facts("C"),
    "short": facts("S", 4_000),
    "jingle": facts("J", 20_000),
    "preview": facts("A", preview=True, window=(60_000, 90_000)),
    "again": facts("A"),
}


class Log:
    """Writes a stream's records one after another and folds them."""

    def __init__(self):
        self.history = StreamHistory()
        self.plays = {}
        self.sequence = 0

    def post(self, second, at=None, *released, closing=False):
        record = KeyRecord(
            wall_ms=round(second * 1000),
            stream="s",
            sequence=self.sequence,
            at=Playhead(*at) if at else None,
            released=tuple(Release(grant, span) for grant, span in released),
            closing=closing,
            grants=GRANTS if self.sequence == 0 else {},
        )
        self.sequence += 1
        for play in fold(self.history, record):
            self.plays[play.ordinal] = play
        return record

    @property
    def told(self):
        return [(play.recording, play.heard, play.qualified) for _, play in sorted(self.plays.items())]


def test_heard_is_what_was_released_and_passed():
    log = Log()
    log.post(0, ("a", 0), ("a", (0, 12_000)))
    log.post(8, ("a", 8_000), ("a", (12_000, 20_000)))
    assert log.told == [("A", 8_000, False)]
    log.post(16, ("a", 16_000), closing=True)
    assert log.told == [("A", 16_000, False)]


def test_the_rest_of_the_last_batch_does_not_count():
    log = Log()
    log.post(0, ("a", 0), ("a", (0, 60_000)))
    assert log.told == []


def test_never_more_than_wall_time():
    log = Log()
    log.post(0, ("a", 0), ("a", (0, 60_000)))
    log.post(10, ("a", 50_000))
    assert log.told == [("A", 10_000, False)]


def test_never_what_was_not_released():
    log = Log()
    log.post(0, ("a", 0), ("a", (0, 12_000)))
    log.post(100, ("a", 100_000))
    assert log.told == [("A", 12_000, False)]


def test_half_a_minute_qualifies():
    log = Log()
    log.post(0, ("a", 0), ("a", (0, 60_000)))
    log.post(29.9, ("a", 29_900))
    assert log.told == [("A", 29_900, False)]
    log.post(30, ("a", 30_000))
    assert log.told == [("A", 30_000, True)]


def test_the_whole_of_a_shorter_recording_qualifies():
    log = Log()
    log.post(0, ("jingle", 0), ("jingle", (0, 20_000)))
    log.post(19, ("jingle", 19_000))
    assert log.told == [("J", 19_000, False)]
    log.post(20, ("jingle", 20_000), closing=True)
    assert log.told == [("J", 20_000, True)]


def test_the_same_half_twice_is_not_the_whole():
    log = Log()
    log.post(0, ("jingle", 0), ("jingle", (0, 10_000)))
    log.post(10, ("jingle", 10_000))
    log.post(10, ("jingle", 0), ("jingle", (0, 10_000)))
    log.post(20, ("jingle", 10_000))
    assert log.told == [("J", 20_000, False)]


def test_a_preview_never_qualifies():
    log = Log()
    log.post(0, ("preview", 60_000), ("preview", (60_000, 90_000)))
    log.post(30, ("preview", 90_000), closing=True)
    assert log.told == [("A", 30_000, False)]


def test_music_runs_on_into_the_next_piece():
    log = Log()
    log.post(0, ("a", 190_000), ("a", (190_000, SONG)), ("b", (0, 10_000)))
    log.post(15, ("b", 5_000))
    assert log.told == [("A", 10_000, False), ("B", 5_000, False)]
    assert log.plays[1].started_ms == 10_000


def test_a_skip_does_not_pass_the_rest():
    log = Log()
    log.post(0, ("a", 0), ("a", (0, 12_000)))
    log.post(10, ("b", 0), ("b", (0, 12_000)))
    log.post(18, ("b", 8_000))
    assert log.told == [("B", 8_000, False)]


def test_short_pieces_between_two_reports_are_heard():
    log = Log()
    log.post(0, ("a", 197_000), ("a", (197_000, SONG)), ("short", (0, 4_000)), ("b", (0, 9_000)))
    log.post(9, ("b", 2_000))
    assert log.told == [("A", 3_000, False), ("S", 4_000, True), ("B", 2_000, False)]


def test_a_short_piece_that_time_did_not_allow_was_skipped():
    log = Log()
    log.post(0, ("a", 194_000), ("a", (194_000, SONG)), ("short", (0, 4_000)), ("b", (0, 9_000)))
    log.post(9, ("b", 3_000))
    assert log.told == [("A", 6_000, False), ("B", 3_000, False)]


def test_a_return_after_another_is_a_new_play():
    log = Log()
    log.post(0, ("a", 0), ("a", (0, 12_000)))
    log.post(8, ("a", 8_000))
    log.post(8, ("b", 0), ("b", (0, 12_000)))
    log.post(16, ("b", 8_000))
    log.post(16, ("a", 8_000), ("a", (8_000, 20_000)))
    log.post(24, ("a", 16_000))
    assert [name for name, _, _ in log.told] == ["A", "B", "A"]


def test_a_new_grant_for_the_same_recording_goes_on_with_its_play():
    log = Log()
    log.post(0, ("a", 0), ("a", (0, 20_000)))
    log.post(8, ("again", 8_000), ("again", (20_000, 30_000)))
    log.post(25, ("again", 25_000))
    assert log.told == [("A", 25_000, False)]


def test_repeating_one_piece_is_a_new_play_each_time():
    log = Log()
    log.post(0, ("jingle", 0), ("jingle", (0, 20_000)))
    for turn in range(3):
        log.post(turn * 20 + 12, ("jingle", 12_000))
        log.post(turn * 20 + 24, ("jingle", 4_000))
    assert log.told[:3] == [("J", 20_000, True)] * 3


def test_a_seek_back_is_no_new_play():
    log = Log()
    log.post(0, ("a", 0), ("a", (0, 30_000)))
    log.post(20, ("a", 20_000))
    log.post(20, ("a", 5_000))
    log.post(28, ("a", 13_000))
    assert log.told == [("A", 28_000, False)]


def test_a_seek_forward_counts_what_lies_before_the_playhead():
    log = Log()
    log.post(0, ("a", 0), ("a", (0, 12_000)))
    log.post(4, ("a", 100_000), ("a", (100_000, 112_000)))
    log.post(12, ("a", 108_000))
    assert log.told == [("A", 12_000, False)]


def test_a_delayed_report_does_not_lose_the_next_ones_time():
    log = Log()
    log.post(0, ("a", 0), ("a", (0, 60_000)))
    log.post(11, ("a", 8_000))
    log.post(16, ("a", 16_000))
    assert log.told == [("A", 16_000, False)]


def test_a_pause_gives_no_time_to_spend_later():
    log = Log()
    log.post(0, ("a", 0), ("a", (0, 60_000)))
    log.post(3600, ("a", 0))
    log.post(3601, ("a", 60_000))
    assert log.told == [("A", 1_000 + SLACK_MS, False)]


def test_a_clock_set_back_gives_no_time():
    log = Log()
    log.post(100, ("a", 0), ("a", (0, 60_000)))
    log.post(50, ("a", 10_000))
    log.post(108, ("a", 18_000))
    assert log.told == [("A", 8_000, False)]


def test_a_record_seen_twice_counts_once():
    log = Log()
    log.post(0, ("a", 0), ("a", (0, 60_000)))
    again = log.post(10, ("a", 10_000))
    assert fold(log.history, again) == []
    assert log.told == [("A", 10_000, False)]


def test_what_is_unknown_is_told_and_not_counted():
    known = StreamHistory()
    record = KeyRecord(0, "s", 0, Playhead("x", 0), (Release("y", (0, 5)),), closing=False, grants={})
    assert unknown_grants(known, record) == {"y"}
    assert fold(known, record) == []


def test_a_long_day_is_remembered_in_a_small_row():
    known, sequence = StreamHistory(), 0
    for turn in range(400):
        grant = f"{turn:032x}"
        described = {grant: facts(grant, 180_000)}
        for step in range(20):
            release = Release(grant, (step * 9_000, step * 9_000 + 9_000))
            at = Playhead(grant, step * 9_000)
            wall = (turn * 20 + step) * 9_000
            fold(known, KeyRecord(wall, "s", sequence, at, (release,), closing=False, grants=described))
            sequence += 1
    assert len(json.dumps(history.to_plain(known))) < 80_000
    assert known.play.heard > 150_000


# --- spans ---------------------------------------------------------------------------------------------------

spans_of = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda p: tuple(sorted(p))), max_size=8
)


def points(spans):
    return {point for start, end in spans for point in range(start, end)}


@given(spans_of, spans_of)
def test_union_is_the_union_of_points(some, more):
    merged = union(some, more)
    assert points(merged) == points(some) | points(more)
    assert all(a[1] < b[0] for a, b in itertools.pairwise(merged))


@given(spans_of, st.tuples(st.integers(0, 60), st.integers(0, 60)))
def test_intersection_is_the_intersection_of_points(some, window):
    assert points(intersection(union(some, []), window)) == points(some) & set(range(*window))


@given(spans_of, st.integers(-5, 100))
def test_latest_are_the_last_points(some, most):
    merged = union(some, [])
    expected = sorted(points(merged))[-most:] if most > 0 else []
    assert sorted(points(latest(merged, most))) == expected
    assert length(latest(merged, most)) == len(expected)


# --- a naive oracle: the sentences of docs/protocol.md, sample by sample ----------------------------------------

SIZES = {"p": 40, "q": 25, "r": 6, "t": 90}
TICK = 1000  # wall milliseconds of one sample in these small worlds


def small(recording, *, preview=False, window=None):
    samples = SIZES[recording]
    return GrantFacts(recording, 1, samples, window or (0, samples), preview, "")


WORLD = {
    **{name: small(name) for name in SIZES},
    "p2": small("p"),
    "pv": small("t", preview=True, window=(30, 60)),
}

moment = st.tuples(st.sampled_from(sorted(WORLD)), st.integers(0, 95))
released = st.lists(
    st.tuples(st.sampled_from(sorted(WORLD)), st.integers(0, 90), st.integers(1, 40)), max_size=3
)
post = st.tuples(st.integers(-2, 60), st.none() | moment, released, st.sampled_from([0, 0, 0, 1]))


def records(posts):
    """A stream's log: steps of wall time, playheads anywhere, releases anywhere, some records repeated."""
    wall, made = 100, []
    for sequence, (step, at, spans, repeat) in enumerate(posts):
        wall += step
        record = KeyRecord(
            wall_ms=wall * TICK,
            stream="s",
            sequence=sequence,
            at=Playhead(*at) if at else None,
            released=tuple(
                Release(grant, (start, min(start + size, WORLD[grant].samples)))
                for grant, start, size in spans
                if start < WORLD[grant].samples
            ),
            closing=False,
            grants=WORLD if sequence == 0 else {},
        )
        made += [record] * (1 + repeat)
    return made


class Oracle:
    """Every sample on its own; nothing is merged, cut or remembered cleverly."""

    def __init__(self, world=WORLD):
        self.world = world
        self.seen = set()
        self.out = {}  # piece -> samples released
        self.order = []
        self.at = None
        self.wall = 0
        self.spare = 0
        self.plays = []

    def read(self, record):
        if record.sequence in self.seen:
            return
        self.seen.add(record.sequence)
        if record.at is not None:
            self.move(record.at, record.wall_ms)
        for release in record.released:
            piece = self.world[release.grant].piece
            if release.span[0] < release.span[1]:
                self.out.setdefault(piece, set()).update(range(*release.span))
            else:
                self.out.setdefault(piece, set())
            self.order = [one for one in self.order if one != piece] + [piece]
        if self.at is None and record.released:
            first = record.released[0]
            self.at, self.wall = Playhead(first.grant, first.span[0]), record.wall_ms

    def move(self, new, wall):
        old = self.at
        if old is None:
            self.at, self.wall = new, wall
            return
        time = (max(0, wall - self.wall) + self.spare) // TICK
        spare_part = (max(0, wall - self.wall) + self.spare) % TICK
        runs = self.runs(old, new, time)
        everything = [(run, sample) for run, (_, _, samples) in enumerate(runs) for sample in samples]
        kept = everything[len(everything) - min(time, len(everything)) :]
        for run, (grant, fresh, _) in enumerate(runs):
            mine = [sample for number, sample in kept if number == run]
            if not mine and run < len(runs) - 1:
                continue
            if fresh or not self.plays:
                if self.plays and self.plays[-1]["heard"] == 0:
                    self.plays.pop()
                self.plays.append({"piece": self.world[grant].piece, "heard": 0})
            self.plays[-1]["heard"] += len(mine)
        self.spare = min(SLACK_MS, (time - len(kept)) * TICK + spare_part)
        self.at, self.wall = new, max(wall, self.wall)

    def heard_of(self, piece, start, end):
        return [sample for sample in range(start, end) if sample in self.out.get(piece, ())]

    def runs(self, old, new, time):
        before, after = self.world[old.grant], self.world[new.grant]
        rest = list(range(old.sample, before.window[1]))
        tail = self.heard_of(before.piece, old.sample, before.window[1])
        head = self.heard_of(after.piece, after.window[0], new.sample)
        ran_out = len(tail) == len(rest)
        if before.piece == after.piece:
            if new.sample >= old.sample:
                return [(new.grant, False, self.heard_of(after.piece, old.sample, new.sample))]
            if ran_out and len(tail) + len(head) <= time:
                return [(old.grant, False, tail), (new.grant, True, head)]
            return []
        if not ran_out:
            return [(new.grant, True, head)]
        middle = self.middle(before.piece, after.piece)
        through = [(old.grant, False, tail), *middle, (new.grant, True, head)]
        if sum(len(samples) for _, _, samples in through) <= time:
            return through
        return [(old.grant, False, tail), (new.grant, True, head)]

    def middle(self, first, last):
        if first not in self.order or last not in self.order:
            return []
        found = []
        for piece in self.order[self.order.index(first) + 1 : self.order.index(last)]:
            grant = [name for name, item in self.world.items() if item.piece == piece][-1]
            window = self.world[grant].window
            samples = self.heard_of(piece, *window)
            if len(samples) < window[1] - window[0]:
                return []
            found.append((grant, True, samples))
        return found


@settings(max_examples=400)
@given(st.lists(post, max_size=14))
def test_folding_agrees_with_the_naive_oracle(posts):
    known, oracle, plays = StreamHistory(), Oracle(), {}
    for record in records(posts):
        for play in fold(known, record):
            plays[play.ordinal] = play
        oracle.read(record)
    mine = [
        (f"{play.recording}/preview" if play.preview else play.recording, play.heard)
        for _, play in sorted(plays.items())
    ]
    assert mine == [(play["piece"], play["heard"]) for play in oracle.plays if play["heard"]]


@given(st.lists(post, max_size=14))
def test_never_more_than_released_or_than_time(posts):
    known, plays = StreamHistory(), {}
    log = records(posts)
    for record in log:
        plays |= {play.ordinal: play for play in fold(known, record)}
    highest = 0
    elapsed = 0
    for record in log:  # a clock that goes back gives no time twice
        highest = highest or record.wall_ms
        elapsed += max(0, record.wall_ms - highest)
        highest = max(highest, record.wall_ms)
    assert sum(play.heard for play in plays.values()) * TICK <= elapsed
    assert not any(play.qualified for play in plays.values() if play.preview)


@given(st.lists(post, max_size=12), st.integers(0, 12))
def test_a_history_survives_its_row(posts, cut):
    straight, resumed = StreamHistory(), StreamHistory()
    log = records(posts)
    for number, record in enumerate(log):
        if number == cut:
            resumed = history.from_plain(json.loads(json.dumps(history.to_plain(resumed))))
        assert fold(straight, record) == fold(resumed, record)
    assert straight == resumed


# --- a player that really plays -----------------------------------------------------------------------------


@st.composite
def evenings(draw):
    """What a listener does: listen for a while, then go on, skip, seek, pause; reports come 8 to 12 s apart."""
    return draw(
        st.lists(
            st.tuples(st.sampled_from(["listen", "listen", "skip", "seek", "pause"]), st.integers(1, 60_000)),
            min_size=1,
            max_size=12,
        )
    ), draw(st.lists(st.integers(8_000, 12_000), min_size=40, max_size=40))


class Player:
    """Plays pieces A, B, C one after another in real time and knows what it truly sounded."""

    QUEUE = ("a", "b", "c")

    def __init__(self, gaps):
        self.log, self.wall, self.gaps = Log(), 0.0, iter(gaps)
        self.number, self.sample, self.last = 0, 0, 0
        self.truth = [0, 0, 0]
        self.due = 0
        self.until = {}
        self.report()

    def report(self):
        grant = self.QUEUE[self.number]
        want = []
        start = max(self.until.get(grant, self.sample), self.sample)
        end = min(self.sample + 20_000, SONG)
        if end > start:
            want.append((grant, (start, end)))
        self.until[grant] = max(end, start)
        if end == SONG and self.number + 1 < len(self.QUEUE):
            follower = self.QUEUE[self.number + 1]
            ahead = 20_000 - (SONG - self.sample)
            if ahead > 0:
                want.append((follower, (0, ahead)))
                self.until[follower] = ahead
        self.log.post(self.wall / 1000, (grant, self.sample), *want)
        self.due = self.wall + next(self.gaps, 10_000)

    def sound(self, ms):
        for _ in range(0, ms, 250):
            if self.sample >= SONG:
                if self.number + 1 == len(self.QUEUE):
                    return
                self.number, self.sample = self.number + 1, 0
            self.wall += 250
            self.sample += 250
            self.truth[self.number] += 250
            if self.wall >= self.due:
                self.report()

    def act(self, what, ms):
        if what == "listen":
            self.sound(ms)
        elif what == "pause":
            self.report()
            self.wall += ms
            self.report()
        elif what == "seek":
            self.report()
            self.sample = ms * 3
            self.until.pop(self.QUEUE[self.number], None)
            self.report()
        elif self.number + 1 < len(self.QUEUE):
            self.report()
            self.number, self.sample = self.number + 1, 0
            self.report()


@settings(max_examples=60)
@given(evenings())
def test_a_player_that_reports_before_it_jumps_is_counted_exactly(evening):
    acts, gaps = evening
    player = Player(gaps)
    for what, ms in acts:
        player.act(what, ms)
    player.report()
    heard = dict.fromkeys("ABC", 0)
    for play in player.log.plays.values():
        heard[play.recording] += play.heard
    pauses = sum(what == "pause" for what, _ in acts)
    if pauses == 0:
        assert list(heard.values()) == player.truth
    # What a pause leaves unspent may be taken for music that a seek passed over: five seconds each, no more.
    assert 0 <= sum(heard.values()) - sum(player.truth) <= SLACK_MS * pauses


def test_the_grants_of_a_stream_are_forgotten_last():
    known = StreamHistory()
    described = {f"{number}": facts(f"{number}") for number in range(300)}
    fold(known, KeyRecord(0, "s", 0, Playhead("0", 0), (), closing=False, grants=described))
    assert "0" in known.grants
    assert len(known.grants) == 256
    assert replace(known.at) == Playhead("0", 0)

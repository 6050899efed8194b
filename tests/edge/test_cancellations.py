"""What was taken back, while it is tidied and added to at once."""

from edge.kit import MovedClock, new_id

from alpheus.edge.cancellations import Cancellation, Cancellations


def test_what_is_taken_back_while_others_are_tidied_away_holds(tmp_path):
    clock = MovedClock()
    held = Cancellations(tmp_path, clock)

    class Meanwhile(float):
        """A moment at whose comparison another thread takes its turn."""

        def __lt__(self, other):
            held.add([("grant", new_id())])
            return float(self) < other

    held._take([Cancellation("stream", new_id(), Meanwhile(clock.wall()))])
    held.prune()
    assert len(held) == 2

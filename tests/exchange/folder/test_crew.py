from exchange.folder.errands import die, double, fail, tell_and_wait

from alpheus.exchange.folder.crew import Crew, Done, Failed, ProcessDied, Task, Told


def test_tasks_run_side_by_side_and_tell():
    with Crew(2, 10) as crew:
        events = list(crew.run(Task(str(n), double, n) for n in range(5)))
    assert sorted(event.result for event in events if isinstance(event, Done)) == [0, 10, 20, 30, 40]
    assert {event.what for event in events if isinstance(event, Told)} == {f"doubling {n}" for n in range(5)}


def test_one_that_fails_or_dies_takes_no_other_along():
    tasks = [Task("bad", fail, "why"), Task("dead", die, None), *(Task(str(n), double, n) for n in range(3))]
    with Crew(1, 1) as crew:
        events = list(crew.run(tasks))
    failed = {event.task.name: event.error for event in events if isinstance(event, Failed)}
    assert isinstance(failed["bad"], ValueError)
    assert isinstance(failed["dead"], ProcessDied)
    assert [event.result for event in events if isinstance(event, Done)] == [0, 1, 2]


def test_leaving_stops_what_runs_and_lets_it_clean_up(tmp_path):
    with Crew(1, None) as crew:
        for event in crew.run([Task("long", tell_and_wait, tmp_path / "left")]):
            if isinstance(event, Told):
                break
    assert (tmp_path / "left").read_text() == "cleaned"


def test_tasks_are_made_when_they_are_wanted():
    made = []

    def tasks():
        for number in range(6):
            made.append(number)
            yield Task(str(number), double, number)

    with Crew(1, 1) as crew:
        for event in crew.run(tasks()):
            if isinstance(event, Done):
                assert len(made) <= int(event.task.name) + 1

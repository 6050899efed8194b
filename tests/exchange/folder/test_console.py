import io

from rich.console import Console

from alpheus.exchange.folder import console
from alpheus.exchange.folder.report import RefusedFile, Report, Status


def printed(report):
    out = Console(file=io.StringIO(), width=100)
    console.show(report, out)
    return out.file.getvalue()


def test_what_came_of_an_import_is_told():
    text = printed(Report(found=12, imported=7, duplicates=2, audio_ms=7_200_000, seconds=100))
    assert "7 imported, 2 duplicates skipped of 12 files" in text
    assert "2 h of music in 1 min 40 s: 72 times faster than it plays." in text
    assert "Refused" not in text


def test_refusals_are_grouped_by_reason_with_the_remedy():
    refused = [
        RefusedFile(f"[bold]{number}.wma", "We do not read this format.", "Convert it.")
        for number in range(5)
    ]
    text = printed(Report(found=5, refused=refused))
    assert text.count("We do not read this format.") == 1
    assert "Convert it." in text
    assert "[bold]0.wma" in text
    assert "and 2 more" in text


def test_a_stopped_import_says_how_to_go_on():
    assert "run the same command again" in printed(Report(found=5, imported=1, stopped=True))


def test_a_folder_that_is_missing_ends_with_a_sentence(tmp_path):
    out = Console(file=io.StringIO(), width=200)
    code = console.run(tmp_path / "none", blobs=None, kek=bytes(32), jobs=1, console=out)
    assert code == 1
    assert "is not a folder. Give the folder that holds your music." in out.file.getvalue()


def shown_after(*statuses, speed_seconds):
    """What the bars show when files have been done at a steady pace."""
    clock = [0.0]
    with console._bars(Console(file=io.StringIO())) as bars:
        bars._progress.get_time = lambda: clock[0]
        for status in statuses:
            bars.show(status)
            clock[0] += speed_seconds
        page = Console(file=io.StringIO(), width=160)
        page.print(bars._progress.get_renderable())
    return [line.strip() for line in page.file.getvalue().splitlines() if line.strip()]


def test_a_bar_tells_how_much_is_done_how_fast_and_how_long_it_takes_still():
    statuses = [Status("first", done, 100, imported=done, refused=2) for done in range(0, 41, 10)]
    (line,) = shown_after(*statuses, speed_seconds=5)
    assert line.startswith("Making playable")
    assert "40%" in line
    assert "40 of 100, 2 refused" in line
    assert "120 files/min" in line, "ten in five seconds"
    assert "00:30 left" in line, "sixty more"


def test_each_phase_has_its_bar_once_there_is_something_to_do():
    statuses = [
        Status("reading", 3, 3, imported=0, refused=0),
        Status("first", 0, 0, imported=0, refused=0),
        Status("rest", 1, 6, imported=3, refused=0),
    ]
    lines = shown_after(*statuses, speed_seconds=1)
    assert [line.partition(" ━")[0].partition("  ")[0].strip() for line in lines] == [
        "Reading tags",
        "Other qualities",
    ]

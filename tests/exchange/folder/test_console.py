import io

from rich.console import Console

from alpheus.exchange.folder import console
from alpheus.exchange.folder.report import RefusedFile, Report


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

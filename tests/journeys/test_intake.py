"""A shop's owner brings a sheet that is to be mended, mends it, and chooses a folder and then a zip: each file finds its row."""

import zipfile
from uuid import uuid4

import pytest
from journeys import every_page, recordings
from journeys.browsers import opened, wait_for
from journeys.inspection import faults, prepare
from journeys.test_applying import follow, sign_in

pytestmark = pytest.mark.journey

HEAD = "File,Title,Release,Release artist,Cover"
SECONDS = 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two sounds in folders, one that no row names, and what a system left there."""
    root = tmp_path_factory.mktemp("catalogue") / "Katalog"
    for number, place in enumerate(("disc 1", "disc 2", "disc 3"), start=1):
        sound = recordings.compose(uuid4().int % 2**32, SECONDS * recordings.RATE_HZ)
        recordings.write_flac(recordings.Piece("", "", 1, sound), root / place).rename(
            root / place / f"{number}.flac"
        )
    (root / ".DS_Store").write_bytes(b"x")
    return root


def test_a_catalogue_comes_in_by_the_command(house, folder, tmp_path):
    """From a folder, then from a zip: what is to be mended is said, what is begun goes on, what is done stays."""
    staged = every_page.stage(house, f"{uuid4().hex[:12]}@command.example")
    handle = staged.routes["@{handle}"]
    name, sheet = f"Wren {handle}", tmp_path / "spring.csv"
    command = house.installation.attempt

    def says(rows, *more, place=folder, code):
        sheet.write_text(f"{HEAD},Territories,Price\n{rows}", "utf-8")
        done = command("intake", f"@{handle}", str(place), "--sheet", str(sheet), *more)
        assert done.returncode == code, done.stdout + done.stderr
        return _told(done)

    row = f"disc 1/1.flac,夜明け,港の灯,{name},,CN JP,0.80\n"
    refused = says(f"{row}2.exe,汽笛,港の灯,{name},,Atlantis,dear\n", code=1)
    assert "Row 3, column File" in refused
    assert "Row 3, column Territories" in refused
    assert "Row 3, column Price" in refused
    rows = f"{row}2.flac,汽笛,港の灯,{name},,,\n4.flac,灯台,灯台,{name},,except KR,free\n"
    assert "nothing to mend" in says(rows, "--check", code=0)
    begun = says(rows, code=1)
    assert "2 of 3 files are here" in begun
    assert "Missing: row 4: 4.flac" in begun
    assert "No row names: disc 3/3.flac" in begun
    with zipfile.ZipFile(tmp_path / "rest.zip", "w") as archive:
        archive.write(folder / "disc 3" / "3.flac", "x/4.flac")
    assert "3 of 3 files are here" in says(rows, place=tmp_path / "rest.zip", code=0)
    assert "3 of 3 files are here" in says(rows, place=folder, code=0)  # again it changes nothing
    with zipfile.ZipFile(tmp_path / "whole.zip", "w") as archive:
        archive.write(sheet, "spring.csv")
    done = command("intake", f"@{handle}", str(tmp_path / "whole.zip"))
    assert "3 of 3 files are here" in _told(done)
    none = command("intake", f"@{handle}", str(tmp_path / "nothing"))
    assert (none.returncode, "neither a folder nor a zip" in _told(none)) == (1, True)


def _told(done):
    """What a command said, in one line."""
    return " ".join((done.stdout + done.stderr).split())


def bring(page, text):
    page.locator("#sheet").set_input_files(
        {"name": "katalog.csv", "mimeType": "text/csv", "buffer": text.encode("gb18030")}
    )
    with page.expect_navigation():
        page.locator("main button", has_text="Check the sheet").click()


def test_a_catalogue_comes_in_by_folder_and_zip(playwright, house, home, folder, tmp_path):
    with opened("chromium", playwright, home) as browser:
        page = browser.page
        staged = every_page.stage(house, f"{uuid4().hex[:12]}@intake.example")
        follow(page, house.url + staged.link)
        page.goto(f"{house.url}/studio/intake")
        name = f"Wren {staged.routes['@{handle}']}"
        rows = f"disc 1/1.flac,夜明け,港の灯,{name},\n2.flac,汽笛,港の灯,{name},\n4.flac,灯台,灯台,{name},\n"
        bring(page, f"{HEAD}\n{rows}".replace("4.flac", "4.exe"))
        page.wait_for_url("**/studio/intake/*")
        assert "Row 4, column File" in page.locator("main").inner_text()
        bring(page, f"{HEAD}\n{rows}")
        wait_for(
            browser,
            "document.querySelector('#intake-here')?.innerText.includes('0 of 3 are here')",
            what="laid out",
        )
        wait_for(
            browser, "document.querySelector('[data-intake] [webkitdirectory]') !== null", what="takes files"
        )
        page.locator("[data-intake] input[webkitdirectory]").set_input_files(folder)
        told = "document.querySelector('[data-told]')?.innerText"
        wait_for(browser, f"{told}?.includes('Not there: row 4, 4.flac')", what="what is missing")
        assert "No row names it: Katalog/disc 3/3.flac" in browser.run(f"return {told};")
        here = "document.querySelector('#intake-here')?.innerText.includes('{} of 3 are here')"
        wait_for(browser, here.format(2), seconds=60, what="two are here")
        with zipfile.ZipFile(tmp_path / "rest.zip", "w") as archive:
            archive.write(folder / "disc 3" / "3.flac", "x/4.flac")
        page.locator("[data-intake] input[multiple]:not([webkitdirectory])").set_input_files(
            tmp_path / "rest.zip"
        )
        wait_for(browser, here.format(3), seconds=60, what="the zip is taken in")
        assert not browser.errors


def test_what_a_sheet_asks_stands_in_the_editor_on_a_phone(playwright, house, home):
    with opened("chromium", playwright, home) as browser:
        page = browser.page
        prepare(page)
        staged = every_page.stage(house, f"{uuid4().hex[:12]}@prices.example")
        follow(page, house.url + staged.link)
        page.goto(f"{house.url}/studio/intake")
        name = f"Wren {staged.routes['@{handle}']}"
        bring(
            page,
            f"{HEAD},Release price,Price\n1.wav,夜明け,港の灯,{name},,12.00,1\n2.wav,汽笛,港の灯,{name},,,free\n",
        )
        page.wait_for_url("**/studio/intake/*")
        intake = page.url
        page.locator("#releases a.over", has_text="港の灯").click()
        asks = page.locator("#asks")
        asks.wait_for()
        assert "¥12.00" in asks.inner_text()
        rows = page.locator("#items > li").all_inner_texts()
        assert ["¥1.00" in rows[0], "Free" in rows[1]] == [True, True]
        page.locator("#items a.over").first.click()
        page.wait_for_url("**/tracks/*")
        assert "¥1.00" in asks.inner_text()
        assert faults(page) == []
        asks.get_by_text("A corrected sheet").click()
        page.wait_for_url(intake)
        assert not browser.errors


def test_a_taken_address_is_answered_with_a_free_one_that_a_press_fills_in(playwright, house, home):
    email = f"{uuid4().hex[:12]}@address.example"
    taken = every_page.stage(house, email).routes["@{handle}"]
    with opened("chromium", playwright, home) as browser:
        page = browser.page
        prepare(page)
        sign_in(page, house, "auditor", f"other-{email}")
        page.goto(f"{house.url}/studio/shop")
        page.locator("#handle").fill(taken)
        page.locator("#biography").fill("We are from the harbour.")
        page.locator("main form", has=page.locator("#handle")).get_by_role("button", name="Keep").click()
        free = page.get_by_role("link", name=f"Use {taken}-2, which is free")
        free.wait_for()
        assert faults(page) == []
        free.click()
        wait_for(browser, f"document.querySelector('#handle').value === '{taken}-2'", what="it is filled in")
        assert page.locator("#biography").input_value() == "We are from the harbour."
        page.locator("main form", has=page.locator("#handle")).get_by_role("button", name="Keep").click()
        page.get_by_text("Your shop is kept as you wrote it.").wait_for()
        assert page.locator("#handle").input_value() == f"{taken}-2"

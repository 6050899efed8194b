"""What a page owes everybody, measured in the page itself: no fault that axe finds, room for fingers, no sideways scroll."""

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
NARROW = {"width": 320, "height": 640}
DESK = {"width": 1440, "height": 900}
ZOOMED = {"width": 640, "height": 400}
"""A window of 1280 x 800 px at 200%."""
OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of axe whose answer changes with the theme: half of its work."""
OF_SIZES = ["target-size"]
"""Measured here at 44 px instead of axe's 24."""
OF_WORDS = ["aria-command-name", "button-name", "document-title", "html-lang-valid", "image-alt", "input-button-name",
            "label", "link-name", "select-name", "valid-lang"]  # fmt: skip
"""The rules of axe whose answer may change with the language: a name that nobody translated is none."""
TAP_PX = 44
"""The least side of what a finger touches (WCAG 2.5.5)."""

AXE_RUN = """
async ({ within, only, but }) => {
    const rules = {};
    for (const rule of but ?? []) rules[rule] = { enabled: false };
    const options = { resultTypes: ["violations"], preload: false, elementRef: false };
    Object.assign(options, only ? { runOnly: { type: "rule", values: only } } : { rules });
    const { violations } = await axe.run(document.querySelector(within), options);
    return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary.replace(/\\s+/g, " ").slice(0, 220)}`));
}
"""

SIDEWAYS = """
(width) => {
    const sheet = document.querySelector("dialog[open]");
    const least = sheet?.clientWidth ?? width;
    const edge = sheet ? sheet.getBoundingClientRect().left + sheet.clientLeft + least : width;
    const all = sheet ? [sheet] : [document.scrollingElement, document.body];
    if (all.every((it) => it.scrollWidth <= least) && edge <= width) return [];
    const inside = (element) => {
        for (let it = element.parentElement; it && it !== sheet; it = it.parentElement)
            if (getComputedStyle(it).overflowX !== "visible") return true;
        return false;
    };
    const follows = (element) => element.closest(".dock,.toasts"); // is as wide as the page has become
    const over = [...all.at(-1).querySelectorAll("*")]
        .filter((it) => it.getBoundingClientRect().right > edge + 0.5 && !inside(it) && !follows(it));
    return over.slice(-2).map((it) => `sideways: ${it.outerHTML.slice(0, 160)} reaches ${Math.round(it.getBoundingClientRect().right)}`)
        .concat(over.length ? [] : ["sideways: something"]);
}
"""

SIDEWAYS_IN_LARGE_LETTERS = f"""
(width) => {{
    const {{ style }} = document.documentElement;
    style.fontSize = "200%";
    const found = ({SIDEWAYS})(width);
    style.fontSize = "";
    return found.map((it) => `in large letters, ${{it}}`);
}}
"""
"""The same in letters twice as large, as readers may set theirs (WCAG 1.4.4)."""

UNFOLD = "() => document.querySelectorAll('main details').forEach((it) => (it.open = true))"
"""Show also what is folded away."""

SMALL_TARGETS = """
(least) => {
    const small = [];
    const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: false });
    const inText = (element) =>
        getComputedStyle(element).display === "inline" && element.parentElement.innerText.trim() !== element.innerText.trim();
    const targets = "a[href],button,input:not([type=hidden]),select,textarea,summary";
    for (const element of document.querySelectorAll(targets)) {
        if (!shown(element) || element.disabled || element.closest(".vh,.skip,[aria-hidden=true]") || inText(element)) continue;
        const { width, height } = element.getBoundingClientRect();
        if (width === 0 || (width >= least && height >= least)) continue;
        element.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
        const box = element.getBoundingClientRect();
        const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
        const mine = (atX, atY) => {
            const hit = document.elementFromPoint(atX, atY);
            return hit && (element.contains(hit) || hit.closest("label")?.control === element);
        };
        if (!mine(x, y)) continue; // something floats over it here; it is met where it can be touched
        const reach = (stepX, stepY) => {
            let far = 0;
            while (far < least && mine(x + stepX * (far + 1), y + stepY * (far + 1))) far += 1;
            return far;
        };
        const wide = reach(1, 0) + reach(-1, 0) + 1, tall = reach(0, 1) + reach(0, -1) + 1;
        if (wide < least || tall < least) small.push(`small, ${wide} x ${tall} px: ${element.outerHTML.replace(/\\s+/g, " ").slice(0, 170)}`);
    }
    return small;
}
"""

MOVING = """
() => document.getAnimations()
    .filter((it) => it.playState === "running" && it.effect.getComputedTiming().duration > 1)
    .map((it) => `moves: ${it.animationName ?? it.transitionProperty} of ${it.effect.target.outerHTML.slice(0, 120)}`)
"""

COVERED = """
() => [...document.querySelectorAll("body *")]
    .filter((it) => ["fixed", "sticky"].includes(getComputedStyle(it).position) && it.checkVisibility() && !it.closest("dialog,.side,.vh"))
    .filter((it) => it.getBoundingClientRect().height > innerHeight / 2)
    .map((it) => `covers half of the window: ${it.outerHTML.slice(0, 120)}`)
"""


def prepare(page: Page) -> None:
    """Have axe in every page from now on; the page's own policy stays as it is."""
    if not AXE.exists():
        pytest.skip("node_modules is not there: run `make assets`")
    page.add_init_script(path=str(AXE))
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size(NARROW)


def faults(page: Page, *, around: bool = False) -> list[str]:
    """What is wrong with the page that is open, unfolded; its window and light are put back.

    Args:
        page: a page that `prepare` was given.
        around: also the colours of what stands around every page alike.
    """
    page.evaluate(UNFOLD)
    found = page.evaluate(AXE_RUN, {"within": "html", "but": [*OF_COLOURS, *OF_SIZES]})
    found += of_colours(page, "light", within="html" if around else "#main")
    found += page.evaluate(MOVING)
    found += in_narrow(page)
    found += page.evaluate(SMALL_TARGETS, TAP_PX)
    page.set_viewport_size(ZOOMED)
    found += [f"at 200%, {it}" for it in page.evaluate(SIDEWAYS, ZOOMED["width"]) + page.evaluate(COVERED)]
    page.set_viewport_size(NARROW)
    return found


def faults_in_the_dark(page: Page, *, around: bool = False) -> list[str]:
    """What is wrong with the page that is open, unfolded, and may be right in light and in another language."""
    page.evaluate(UNFOLD)
    found = page.evaluate(AXE_RUN, {"within": "html", "only": OF_WORDS})
    return found + of_colours(page, "dark", within="html" if around else "#main") + in_narrow(page)


def faults_when_wide(page: Page) -> list[str]:
    """What axe finds in the page that is open on a wide screen: with the sidebar, and all of the player."""
    page.set_viewport_size(DESK)
    found = page.evaluate(AXE_RUN, {"within": "html", "but": OF_COLOURS})
    found += of_colours(page, "light") + of_colours(page, "dark")
    page.set_viewport_size(NARROW)
    return [f"wide, {it}" for it in found]


def faults_over(page: Page, within: str) -> list[str]:
    """What is wrong with something that stands open over the page, such as a dialog."""
    found = page.evaluate(AXE_RUN, {"within": within, "but": [*OF_COLOURS, *OF_SIZES]})
    found += of_colours(page, "light", within=within) + of_colours(page, "dark", within=within)
    return found + in_narrow(page) + page.evaluate(SMALL_TARGETS, TAP_PX)


def in_narrow(page: Page) -> list[str]:
    """What reaches out of the narrow window, in letters of the usual size and in large ones."""
    return [
        it for look in (SIDEWAYS, SIDEWAYS_IN_LARGE_LETTERS) for it in page.evaluate(look, NARROW["width"])
    ]


def of_colours(page: Page, theme: Literal["light", "dark"], *, within: str = "html") -> list[str]:
    """What cannot be read in a theme; in light afterwards."""
    page.emulate_media(color_scheme=theme)
    found = page.evaluate(AXE_RUN, {"within": within, "only": OF_COLOURS})
    page.emulate_media(color_scheme="light")
    return [f"{theme}, {it}" for it in found]


def told(faults_by_page: dict[str, list[str]]) -> str:
    """All of it as one text, a page a paragraph."""
    return "\n\n".join(f"{page}\n  " + "\n  ".join(found) for page, found in faults_by_page.items() if found)

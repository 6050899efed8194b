"""What a page owes everybody, measured in the page itself: no fault that axe finds, room for fingers, no sideways scroll."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PHONE = {"width": 360, "height": 800}
NARROW = {"width": 320, "height": 640}
DESK = {"width": 1440, "height": 900}
DESK_AT_200_PERCENT = {"width": 720, "height": 450}
OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of axe whose answer changes with the theme."""
TAP_PX = 44
"""The least side of what a finger touches (WCAG 2.5.5)."""

AXE_RUN = """
async (rules) => {
    const options = { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } };
    if (rules) options.runOnly = { type: "rule", values: rules };
    const { violations } = await axe.run(document, options);
    return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary.replace(/\\s+/g, " ").slice(0, 220)}`));
}
"""

SIDEWAYS = """
(width) => {
    const root = document.scrollingElement;
    if (Math.max(root.scrollWidth, document.body.scrollWidth) <= width) return [];
    const inside = (element) => {
        for (let it = element.parentElement; it; it = it.parentElement)
            if (getComputedStyle(it).overflowX !== "visible") return true;
        return false;
    };
    const over = [...document.body.querySelectorAll("*")].filter((it) => it.getBoundingClientRect().right > width + 0.5 && !inside(it));
    return over.slice(-2).map((it) => `sideways: ${it.outerHTML.slice(0, 160)} reaches ${Math.round(it.getBoundingClientRect().right)}`)
        .concat(over.length ? [] : ["sideways: something"]);
}
"""

SMALL_TARGETS = """
(least) => {
    const small = [];
    const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: false });
    const inText = (element) =>
        getComputedStyle(element).display.startsWith("inline") && !element.matches(".btn,.tap,.chip,.disc")
        && element.parentElement.innerText.trim() !== element.innerText.trim();
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


def faults_when_wide(page: Page) -> list[str]:
    """What axe finds in the page that is open on a wide screen: with the sidebar, and all of the player."""
    page.set_viewport_size(DESK)
    found = [f"wide, {it}" for it in page.evaluate(AXE_RUN, None)]
    page.emulate_media(color_scheme="dark")
    found += [f"wide and dark, {it}" for it in page.evaluate(AXE_RUN, OF_COLOURS)]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    return found


def prepare(page: Page) -> None:
    """Have axe in every page from now on; the page's own policy stays as it is."""
    if not AXE.exists():
        pytest.skip("node_modules is not there: run `make assets`")
    page.add_init_script(path=str(AXE))
    page.emulate_media(color_scheme="light", reduced_motion="reduce")


def faults(page: Page, *, thoroughly: bool = True) -> list[str]:
    """What is wrong with the page that is open; its window and light are put back.

    Args:
        page: a page that `prepare` was given.
        thoroughly: also what does not change with the language: zoom, movement, and sizes of targets.
    """
    found = [f"light, {it}" for it in page.evaluate(AXE_RUN, None)]
    page.emulate_media(color_scheme="dark")
    found += [f"dark, {it}" for it in page.evaluate(AXE_RUN, OF_COLOURS)]
    page.emulate_media(color_scheme="light")
    if thoroughly:
        found += page.evaluate(MOVING)
        found += page.evaluate(SMALL_TARGETS, TAP_PX)
        page.set_viewport_size(DESK_AT_200_PERCENT)
        found += [f"at 200%, {it}" for it in page.evaluate(SIDEWAYS, DESK_AT_200_PERCENT["width"])]
        found += page.evaluate(COVERED)
    page.set_viewport_size(NARROW)
    found += [f"at 320 px, {it}" for it in page.evaluate(SIDEWAYS, NARROW["width"])]
    page.set_viewport_size(PHONE)
    return found


def told(faults_by_page: dict[str, list[str]]) -> str:
    """All of it as one text, a page a paragraph."""
    return "\n\n".join(f"{page}\n  " + "\n  ".join(found) for page, found in faults_by_page.items() if found)

"""Dragging, as a finger and as a mouse do it: by the browser's own input, not by made-up events."""

from playwright.sync_api import Locator, Page

STEPS = 12


def drag_by_finger(page: Page, grip: Locator, onto: Locator) -> None:
    """Drag by touch to the lower end of something."""
    x, y, target = _way(grip, onto)
    touch = page.context.new_cdp_session(page)

    def send(kind: str, *points: dict[str, float]) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    send("touchStart", {"x": x, "y": y})
    for step in range(1, STEPS + 1):
        send("touchMove", {"x": x, "y": y + (target - y) * step / STEPS})
    send("touchEnd")


def drag_by_mouse(page: Page, grip: Locator, onto: Locator) -> None:
    """Drag with the left button to the lower end of something."""
    x, y, target = _way(grip, onto)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, target, steps=STEPS)
    page.mouse.up()


def _way(grip: Locator, onto: Locator) -> tuple[float, float, float]:
    onto.evaluate(
        "it => it.scrollIntoView({ block: 'center', behavior: 'instant' })"
    )  # both can be touched now
    begin, end = grip.bounding_box(), onto.bounding_box()
    assert begin
    assert end
    return begin["x"] + begin["width"] / 2, begin["y"] + begin["height"] / 2, end["y"] + end["height"] * 0.9

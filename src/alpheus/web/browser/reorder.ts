/** Puts tracks in order, of a playlist or of a release that is being made: by dragging with mouse or finger, by arrow keys, by the entries of a row's menu.
 * Rows move in the page at once; the server is told which track the moved one follows. Loaded with a playlist's page. */
import type { Kit } from "./library";

/** How near to the screen's edge a dragged row scrolls the page, and how fast, in CSS pixels (a frame). */
const EDGE = 72;
const SCROLL_STEP = 12;
/** Key presses that follow each other this quickly are one move. */
const SETTLE_MS = 500;

let kit: Kit;
const started = new WeakSet<Element>();
/** where the moved row stood before the first of the key presses that are not saved yet */
let pending: { row: HTMLElement; before: Element | null; timer: number } | null = null;

export function startReorder(given: Kit): void {
  kit = given;
  const list = document.getElementById("items");
  if (!list || started.has(list)) return;
  started.add(list);
  list.addEventListener("pointerdown", (event) => {
    const grip = (event.target as Element).closest<HTMLElement>("[data-grip]");
    if (grip && event.button === 0) drag(grip, event);
  });
  list.addEventListener("keydown", (event) => {
    const grip = (event.target as Element).closest<HTMLElement>("[data-grip]");
    const where = KEYS[event.key];
    if (!grip || !where || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    step(grip.closest<HTMLElement>("li")!, where);
  });
}

type Where = "up" | "down" | "top" | "end";
const KEYS: Readonly<Record<string, Where>> = { ArrowUp: "up", ArrowDown: "down", Home: "top", End: "end" };

const listOf = (row: Element): HTMLElement => row.closest<HTMLElement>("#items")!;
const rowsOf = (list: Element): HTMLElement[] => [...list.querySelectorAll<HTMLElement>(":scope > [data-item]")];
const previousRow = (row: Element): HTMLElement | null => {
  const before = row.previousElementSibling;
  return before instanceof HTMLElement && before.dataset["item"] ? before : null;
};

// By a row's menu

export function moveBy(row: HTMLElement, where: Where, given: Kit): void {
  kit = given;
  step(row, where);
}

/** Move a row one place, or to an end. What is beyond the last row that is loaded, only the server can know. */
function step(row: HTMLElement, where: Where): void {
  const list = listOf(row);
  const rows = rowsOf(list);
  if (pending && pending.row !== row) void flush();
  const before = pending?.before ?? row.nextElementSibling;
  const next = row.nextElementSibling;
  if (where === "up") row.previousElementSibling?.before(row);
  else if (where === "top") rows[0]?.before(row);
  else if (where === "end" && rows.at(-1) !== row) rows.at(-1)?.after(row);
  else if (where === "down" && next instanceof HTMLElement && next.dataset["item"]) next.after(row);
  if (pending) clearTimeout(pending.timer);
  const isWhole = list.querySelector(":scope > .more") === null;
  const toTheEnd = where === "end" && !isWhole;
  pending = { row, before, timer: window.setTimeout(() => void flush(toTheEnd), SETTLE_MS) };
  row.querySelector<HTMLElement>("[data-grip]")?.focus();
  row.scrollIntoView({ block: "nearest" });
  tell(row);
}

async function flush(toTheEnd = false): Promise<void> {
  const settled = pending;
  pending = null;
  if (!settled) return;
  clearTimeout(settled.timer);
  await save(settled.row, settled.before, toTheEnd);
}

// By dragging

function drag(grip: HTMLElement, event: PointerEvent): void {
  event.preventDefault();
  void flush();
  const row = grip.closest<HTMLElement>("li")!;
  const list = listOf(row);
  const before = row.nextElementSibling;
  let at = event.clientY;
  let startY = event.clientY;
  let frame = 0;
  grip.focus({ preventScroll: true });
  grip.setPointerCapture(event.pointerId);
  row.classList.add("lifted");

  const place = (): void => {
    const middle = row.getBoundingClientRect().top + row.offsetHeight / 2;
    const up = previousRow(row);
    const down = row.nextElementSibling;
    const swap = (put: () => void): void => {
      const old = row.offsetTop;
      put();
      startY += row.offsetTop - old;
    };
    if (up && middle < up.getBoundingClientRect().top + up.offsetHeight / 2) swap(() => up.before(row));
    else if (down instanceof HTMLElement && down.dataset["item"] && middle > down.getBoundingClientRect().top + down.offsetHeight / 2)
      swap(() => down.after(row));
    row.style.transform = `translateY(${at - startY}px)`;
  };
  const scroll = (): void => {
    const way = at < EDGE ? -SCROLL_STEP : at > innerHeight - EDGE ? SCROLL_STEP : 0;
    if (way !== 0) {
      const old = scrollY;
      scrollBy({ top: way, behavior: "instant" });
      startY -= scrollY - old;
      place();
    }
    frame = requestAnimationFrame(scroll);
  };
  const move = (it: PointerEvent): void => {
    at = it.clientY;
    place();
  };
  const end = (isKept: boolean): void => {
    cancelAnimationFrame(frame);
    grip.removeEventListener("pointermove", move);
    grip.removeEventListener("pointerup", drop);
    grip.removeEventListener("pointercancel", cancel);
    document.removeEventListener("keydown", escape, true);
    row.classList.remove("lifted");
    row.style.transform = "";
    if (!isKept) list.insertBefore(row, before);
    else if (row.nextElementSibling !== before) void save(row, before, false).then(() => tell(row));
  };
  const drop = (): void => end(true);
  const cancel = (): void => end(false);
  const escape = (it: KeyboardEvent): void => {
    if (it.key !== "Escape") return;
    it.preventDefault();
    it.stopPropagation();
    end(false);
  };
  grip.addEventListener("pointermove", move);
  grip.addEventListener("pointerup", drop);
  grip.addEventListener("pointercancel", cancel);
  document.addEventListener("keydown", escape, true);
  frame = requestAnimationFrame(scroll);
}

// Telling the server and the listener

async function save(row: HTMLElement, before: Element | null, toTheEnd: boolean): Promise<void> {
  const list = listOf(row);
  const after = toTheEnd ? "end" : (previousRow(row)?.dataset["item"] ?? null);
  const { moves, playlist } = list.dataset;
  const back = (): void => {
    if (list.isConnected) list.insertBefore(row, before?.isConnected ? before : null);
  };
  try {
    const place = moves ?? `/playlists/${playlist}/items`;
    const changed = await kit.ask<{ version?: number } | null>("POST", `${place}/${row.dataset["item"]}/move`, { after });
    const { version } = changed ?? {};
    const told = toTheEnd ? kit.word("atTheEnd", { title: titleOf(row) }) : words(row);
    if (toTheEnd) row.remove(); // it stands behind what is loaded
    if (!moves && version !== undefined)
      kit.toast(told, { label: kit.word("undo"), run: () => void undo(`/playlists/${playlist}/undo`, version, back, row) });
  } catch {
    back();
    kit.toast(kit.word("lost"));
  }
}

/** Take a move back, here once the server has: where somebody else changed the playlist since, it refuses. */
async function undo(address: string, version: number, back: () => void, row: HTMLElement): Promise<void> {
  try {
    await kit.ask("POST", address, { version });
  } catch (error) {
    return kit.toast(error instanceof Error && "status" in error ? error.message : kit.word("failed"));
  }
  back();
  row.querySelector<HTMLElement>("[data-grip]")?.focus();
  tell(row);
}

function tell(row: HTMLElement): void {
  const place = document.getElementById("moves");
  if (place) kit.write(place, words(row));
}

const titleOf = (row: HTMLElement): string => row.querySelector(".t")?.textContent ?? "";

function words(row: HTMLElement): string {
  const list = listOf(row);
  const number = rowsOf(list).indexOf(row) + 1;
  return kit.word("moved", { title: titleOf(row), number, count: list.dataset["count"] ?? "" });
}

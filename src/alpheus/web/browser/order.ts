/** Putting the queue's rows in another order: by a handle that is dragged with finger or mouse, or by its arrow keys.
 *
 * Loaded when a queue is first shown; what it needs of the page is handed in. While a row is dragged the list itself changes; the queue does when it is let go.
 */
import type { say, write } from "./page";
import type { Player } from "./player";

/** Near the edge of the window a dragged row scrolls the page. */
const EDGE_PX = 72;
const SCROLL_PX = 10;

const rowOf = (element: Element): HTMLElement | null => element.closest<HTMLElement>("li[data-entry]");
const entryOf = (row: Element | null | undefined): string | null => (row instanceof HTMLElement ? (row.dataset["entry"] ?? null) : null);

export interface Words {
  readonly say: typeof say;
  readonly write: typeof write;
}

export function startOrder(player: Player, words: Words): void {
  document.addEventListener("pointerdown", (event) => {
    const handle = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-drag]") : null;
    if (handle && event.button === 0) drag(player, handle, event, words);
  });
  document.addEventListener("keydown", (event) => {
    const handle = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-drag]") : null;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const row = handle && rowOf(handle);
    if (!row || !step) return;
    event.preventDefault();
    event.stopPropagation();
    const entry = entryOf(row)!;
    const goal = step < 0 ? row.previousElementSibling?.previousElementSibling : row.nextElementSibling;
    if (step > 0 && !goal) return;
    if (step < 0 && !row.previousElementSibling) return;
    player.move(entry, entryOf(goal) ?? player.queue.at);
    requestAnimationFrame(() => {
      document.querySelector<HTMLElement>(`li[data-entry="${entry}"] [data-drag]`)?.focus();
      tell(entry, player, words);
    });
  }, { capture: true });
}

/** Say where a row stands now, to who cannot see it. */
function tell(entry: string, player: Player, { say, write }: Words): void {
  const row = document.querySelector<HTMLElement>(`li[data-entry="${entry}"]`);
  const place = document.querySelector("#player [data-now=announcement]");
  if (!row || !place) return;
  const { at, entries, length, offset } = player.queue;
  const placeOf = (id: string | null): number => entries.findIndex((it) => it.id === id);
  const [number, count] = [placeOf(entry) - placeOf(at), length - offset - placeOf(at) - 1];
  write(place, say("moved", { title: row.querySelector(".t")?.textContent ?? "", number, count }));
}

function drag(player: Player, handle: HTMLElement, begun: PointerEvent, words: Words): void {
  const row = rowOf(handle);
  const list = row?.parentElement;
  if (!row || !list) return;
  begun.preventDefault();
  handle.setPointerCapture(begun.pointerId);
  list.dataset["dragging"] = "";
  row.classList.add("dragged");
  const move = ({ clientY }: PointerEvent): void => {
    if (clientY < EDGE_PX) scrollBy(0, -SCROLL_PX);
    else if (clientY > innerHeight - EDGE_PX) scrollBy(0, SCROLL_PX);
    const over = [...list.children].find((other) => {
      const { top, height } = other.getBoundingClientRect();
      return other !== row && clientY >= top && clientY < top + height;
    });
    if (!over) return;
    // Its neighbours are moved, never the row itself: that would take the pointer from its handle.
    const lies = (side: number): boolean => (row.compareDocumentPosition(over) & side) !== 0;
    if (lies(Node.DOCUMENT_POSITION_FOLLOWING)) do row.before(row.nextElementSibling!); while (lies(Node.DOCUMENT_POSITION_FOLLOWING));
    else while (lies(Node.DOCUMENT_POSITION_PRECEDING)) row.after(row.previousElementSibling!);
  };
  const end = (event: PointerEvent): void => {
    handle.removeEventListener("pointermove", move);
    for (const sign of ["pointerup", "pointercancel"] as const) handle.removeEventListener(sign, end);
    row.classList.remove("dragged");
    delete list.dataset["dragging"];
    const entry = entryOf(row);
    if (!entry || event.type !== "pointerup") return;
    player.move(entry, entryOf(row.previousElementSibling) ?? player.queue.at);
    requestAnimationFrame(() => tell(entry, player, words));
  };
  handle.addEventListener("pointermove", move);
  for (const sign of ["pointerup", "pointercancel"] as const) handle.addEventListener(sign, end);
}

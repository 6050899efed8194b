/**
 * Moving through what a search finds by keyboard: down from the field into the results, up back to it, Escape to it from
 * anywhere. Of all results one is in the tab order (roving focus), so that Tab leaves them at once. How many there are is
 * said in a live region that stays while the results are swapped.
 */

const HITS = "#found a.over";

let following = false;

/** Follow the page's results; the page itself may have been swapped since the last call. */
export function follow(): void {
  if (!following) {
    following = true;
    document.addEventListener("keydown", move);
    document.addEventListener("focusin", rove);
    document.addEventListener("htmx:after:swap", arrived);
  }
  arrived();
}

const field = (): HTMLInputElement | null => document.querySelector("[data-results] input[type=search]");

const hits = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(HITS)];

/** New results: the first is in the tab order, and their number is said. */
function arrived(): void {
  const found = document.querySelector<HTMLElement>("[data-results] #found");
  if (!found || found.dataset["followed"] !== undefined) return;
  found.dataset["followed"] = "";
  hits().forEach((hit, place) => (hit.tabIndex = place === 0 ? 0 : -1));
  const said = document.getElementById("found-said");
  if (said && said.textContent !== found.dataset["said"]) said.textContent = found.dataset["said"] ?? "";
}

/** The result that has the focus is the one in the tab order. */
function rove(event: FocusEvent): void {
  if (!(event.target instanceof HTMLElement) || !event.target.matches(HITS)) return;
  for (const hit of hits()) hit.tabIndex = hit === event.target ? 0 : -1;
}

function move(event: KeyboardEvent): void {
  const from = event.target instanceof HTMLElement ? event.target : null;
  const input = field();
  if (!from || !input || event.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (from === input ? inField(event, input) : from.closest("#found") && inResults(event, from, input)) event.preventDefault();
}

function inField(event: KeyboardEvent, input: HTMLInputElement): boolean {
  if (event.key === "ArrowDown") return focus(hits()[0]);
  if (event.key !== "Escape" || !input.value) return false;
  input.value = "";
  input.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}

function inResults(event: KeyboardEvent, from: HTMLElement, input: HTMLInputElement): boolean {
  const all = hits();
  const row = from.closest("li");
  const here = all.findIndex((hit) => hit === from || (row !== null && row.contains(hit)));
  switch (event.key) {
    case "ArrowDown":
      return focus(here < 0 ? all[0] : all[here + 1]);
    case "ArrowUp":
      return focus(here > 0 ? all[here - 1] : input);
    case "ArrowRight":
      return focus(beside(row, from, 1) ?? all[here + 1]);
    case "ArrowLeft":
      return focus(beside(row, from, -1) ?? all[here - 1]);
    case "Home":
      return focus(all[0]);
    case "End":
      return focus(all.at(-1));
    case "Escape":
      return focus(input);
    default:
      return false;
  }
}

/** The control before or after this one in the same row. */
function beside(row: Element | null, from: HTMLElement, step: number): HTMLElement | undefined {
  const controls = row ? [...row.querySelectorAll<HTMLElement>("a.over, a.tap, button")] : [];
  const place = controls.indexOf(from);
  return place < 0 ? undefined : controls[place + step];
}

function focus(element: HTMLElement | undefined): boolean {
  element?.focus();
  element?.scrollIntoView({ block: "nearest" });
  return element !== undefined;
}

/** By keyboard a list is one stop: arrows move through its rows, Tab through the controls of the row that has the focus and then
 * out of the list (roving focus). Loaded with the first key that is pressed. */

const LISTS = "main :is(.tracks,.rows,.shelf):not(.choices)";
const CONTROLS = "a[href],button:not([disabled])";
const MAIN_CONTROL = ".over";
/** A list as short as this is walked through as quickly by Tab. */
const SHORT = 3;
const STEPS: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

export function startRoving(): void {
  document.addEventListener("focusin", ({ target }) => rove(target));
  document.addEventListener("keydown", walk);
  rove(document.activeElement);
}

/** The rows of a list that the focus moves through; none where there are few, or where they hold forms. What a search finds has
 * its own module. */
function rowsAround(target: EventTarget | null): { rows: HTMLElement[]; row: HTMLElement; control: HTMLElement } | null {
  const control = target instanceof Element ? target.closest<HTMLElement>(CONTROLS) : null;
  const row = control?.closest<HTMLElement>("li");
  const list = row?.parentElement;
  if (!control || !row || !list?.matches(LISTS) || list.closest("#found")) return null;
  const rows = [...list.children].filter((it): it is HTMLElement => it.querySelector(MAIN_CONTROL) !== null);
  return rows.length > SHORT && rows.includes(row) ? { rows, row, control } : null;
}

/** The row that has the focus is the one in the tab order. */
function rove(target: EventTarget | null): void {
  const found = rowsAround(target);
  for (const row of found?.rows ?? [])
    for (const control of row.querySelectorAll<HTMLElement>(CONTROLS))
      if (row === found?.row) control.removeAttribute("tabindex");
      else control.tabIndex = -1;
}

/** Up and down to the same control of another row; a handle's arrows move its row instead. */
function walk(event: KeyboardEvent): void {
  const step = STEPS[event.key];
  if (!step || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const found = rowsAround(event.target);
  if (!found || found.control.matches("[data-grip],[data-drag]")) return;
  const { rows, row, control } = found;
  const next = rows[Math.min(Math.max(rows.indexOf(row) + step, 0), rows.length - 1)];
  const kind = [...row.querySelectorAll(CONTROLS)].indexOf(control);
  const goal = next?.querySelectorAll<HTMLElement>(CONTROLS)[kind] ?? next?.querySelector<HTMLElement>(MAIN_CONTROL);
  if (!goal || next === row) return;
  event.preventDefault();
  goal.focus();
}

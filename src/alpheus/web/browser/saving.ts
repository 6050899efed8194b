/**
 * Sees to it that what is typed in a draft arrives: htmx sends it at each change, and what did not arrive is sent again
 * by itself, later and later, at once when the network is back. The page says so until it has arrived.
 */

/** What htmx 4 tells of a request in its events. */
interface Context {
  target?: Element | null;
  readonly sourceElement?: Element;
  readonly response?: { readonly status: number };
  readonly text?: string;
}

/** Between tries, in ms; the last for as long as it takes. */
const WAITS_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
/** Answers besides 5xx after which the same may be asked again: too slow, too much at once. */
const LATER = new Set([408, 429]);

let following = false;
/** The form whose last save did not arrive, how often it was tried, and when it is tried again. */
let late: HTMLFormElement | null = null;
let tries = 0;
let timer = 0;

/** Follow the page's draft; the page may have been swapped since the last call. */
export function keepSaving(): void {
  if (following) return;
  following = true;
  document.addEventListener("htmx:after:request", answered);
  // Before the shell hears of it: its toast says less than the page does, and would say it at each try.
  document.addEventListener("htmx:error", (event) => {
    const form = draftOf(event);
    if (!form) return;
    event.stopPropagation();
    failed(form);
  }, { capture: true });
  addEventListener("online", again);
  addEventListener("beforeunload", (event) => {
    if (late?.isConnected) event.preventDefault();
  });
}

const contextOf = (event: Event): Context => (event as CustomEvent<{ ctx?: Context }>).detail.ctx ?? {};

function draftOf(event: Event): HTMLFormElement | null {
  const form = contextOf(event).sourceElement;
  return form instanceof HTMLFormElement && form.id === "draft" ? form : null;
}

function answered(event: Event): void {
  const form = draftOf(event);
  if (!form) return;
  const context = contextOf(event);
  const { response, text = "" } = context;
  const status = response?.status ?? 0;
  // A save that waited for another was to show its answer where that one's stands by now; htmx would drop it.
  if (!context.target?.isConnected) context.target = document.getElementById("left");
  if (text.includes('id="left"')) return status < 400 ? settled() : undefined;
  event.preventDefault(); // swapped, an answer without what is left to do would take that away for good
  if (status >= 500 || LATER.has(status)) failed(form);
  else {
    settled();
    say("refused"); // signed out, handed in, or gone: no other try makes it better
  }
}

function failed(form: HTMLFormElement): void {
  if (form !== late) tries = 0;
  late = form;
  clearTimeout(timer);
  timer = window.setTimeout(again, WAITS_MS[Math.min(tries, WAITS_MS.length - 1)]);
  tries += 1;
  say("later");
}

function settled(): void {
  clearTimeout(timer);
  late = null;
  say("");
}

function again(): void {
  clearTimeout(timer);
  if (late?.isConnected) late.dispatchEvent(new Event("change", { bubbles: true }));
  else late = null;
}

/** Show one of the sentences that the page has for it, or none. */
function say(which: string): void {
  for (const it of document.querySelectorAll<HTMLElement>("[data-unsaved]")) it.hidden = it.dataset["unsaved"] !== which;
}

/** Moving between pages while the player stays: what htmx swaps is <main>; all that stands around it is kept true here. */
import htmx from "htmx.org";

/** What htmx 4 tells of a request in its events. */
interface Context {
  text?: string;
  readonly select?: string;
  readonly sourceElement?: Element;
  readonly request?: { readonly method: string; readonly headers: Record<string, string>; readonly anchor?: string };
}

const WHOLE_PAGES = new Set(["#main", "[hx-history-elt]", "[hx-history-elt],[data-hx-history-elt]"]);
const YEAR_SECONDS = 31_536_000;
const TOAST_MS = 6_000;
const PICTURES_MAX = 32;

/** Whole pages on their way into <main>, parsed once. */
const pages = new WeakMap<Context, Document>();

/** How many pages this document has shown: "back" within it is the browser's own. */
let moves = 0;

/** By which link each page of this document was left, so that "back" puts the focus on it again. */
const leftBy = new Map<string, string>();
const place = (): string => location.pathname + location.search;
let here = place();
let pressed: string | null = null;

export function startShell(): void {
  document.addEventListener("htmx:after:request", (event) => pick((event as CustomEvent<{ ctx: Context }>).detail.ctx));
  document.addEventListener("htmx:after:swap", (event) => {
    const { ctx } = (event as CustomEvent<{ ctx: Context }>).detail;
    const page = pages.get(ctx);
    if (page) arrived(ctx, page);
  });
  for (const name of ["htmx:error", "htmx:response:error"]) document.addEventListener(name, (event) => lost(event as CustomEvent));
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    pressed = target?.closest("a[href]")?.getAttribute("href") ?? null;
    here = place(); // A list that grew has noted in the address how long it is.
    const back = target?.closest("[data-back]");
    if (!back || moves === 0) return;
    event.preventDefault();
    event.stopPropagation();
    history.back();
  }, { capture: true });
  rememberZone();
}

/** Pictures that were shown lately. Shown again they are the same to the browser, which otherwise reads and decodes each anew with every
 * page, and keeps what it decoded of those that are gone for as long as nobody else wants the memory. */
const pictures = new Map<string, HTMLImageElement>();

function keepPictures(): void {
  for (const { complete, currentSrc } of document.querySelectorAll<HTMLImageElement>("#main img")) {
    if (!complete || !currentSrc) continue;
    const kept = pictures.get(currentSrc) ?? Object.assign(new Image(), { src: currentSrc });
    pictures.delete(currentSrc);
    pictures.set(currentSrc, kept);
  }
  for (const oldest of pictures.keys()) if (pictures.size > PICTURES_MAX) pictures.delete(oldest);
}

/** Give htmx the new <main> alone. It would take the whole page into this document before it picks <main> out of it, and
 * Chromium never lets go of a picture that was brought in and not shown: each page turned would stay in memory. */
function pick(ctx: Context): void {
  if (!ctx.text || !ctx.select || !WHOLE_PAGES.has(ctx.select)) return;
  const page = new DOMParser().parseFromString(ctx.text, "text/html");
  const main = page.getElementById("main");
  if (!main) return;
  pages.set(ctx, page);
  keepPictures();
  ctx.text = (page.querySelector("title")?.outerHTML ?? "") + main.outerHTML;
}

/** A page arrived. */
function arrived(ctx: Context, page: Document): void {
  const restored = ctx.request?.headers["HX-History-Restore-Request"] === "true";
  keepTrue(page);
  markNavigation();
  document.dispatchEvent(new CustomEvent("alpheus:page"));
  const from = here;
  here = place();
  if (restored) return returned(); // The browser puts back where the reader was.
  moves += 1;
  if (pressed) leftBy.set(from, pressed);
  const kept = document.activeElement?.closest("[data-keep-focus]");
  if (kept) return;
  if (!ctx.request?.anchor) scrollTo({ top: 0, behavior: "instant" });
  tell();
}

/** Move focus to what the new page says first: an error, else its heading. Screen readers read it out. */
function tell(): void {
  const main = document.getElementById("main");
  const wanted = ["[aria-invalid=true]", "[role=alert]", "[autofocus]", "h1"];
  const said = wanted.map((it) => main?.querySelector<HTMLElement>(it)).find(Boolean) ?? main;
  if (!said) return;
  if (!said.matches("input,button,a,select,textarea,[tabindex]")) said.tabIndex = -1;
  said.focus({ preventScroll: true });
}

function returned(): void {
  const link = document.querySelector<HTMLElement>(`#main a[href="${CSS.escape(leftBy.get(here) ?? "")}"]`);
  if (link) link.focus({ preventScroll: true });
  else tell();
}

/** Around <main> only language, theme and who is signed in can change, and the token that forms carry. */
function keepTrue(page: Document): void {
  const root = document.documentElement;
  const other = document.body.dataset["account"] !== page.body.dataset["account"];
  const changed = other || root.lang !== page.documentElement.lang;
  const { theme } = page.documentElement.dataset;
  if (theme) root.dataset["theme"] = theme;
  else delete root.dataset["theme"];
  if (!changed) return;
  root.lang = page.documentElement.lang;
  document.body.dataset["account"] = page.body.dataset["account"] ?? "";
  const words = page.getElementById("player-words");
  if (words) document.getElementById("player-words")?.replaceChildren(words.textContent ?? "");
  translatePlayer(page);
  for (const id of ["side", "tabs", "toasts", "sheets", "library-sheets"]) replace(id, page);
  const token = page.querySelector<HTMLInputElement>("#side input[name=csrfmiddlewaretoken]")?.value;
  const own = document.querySelector<HTMLInputElement>("#player input[name=csrfmiddlewaretoken]");
  if (token && own) own.value = token;
  if (other) document.dispatchEvent(new CustomEvent("alpheus:account"));
}

function replace(id: string, page: Document): void {
  const old = document.getElementById(id);
  const fresh = page.getElementById(id);
  if (!old || !fresh) return;
  const adopted = document.importNode(fresh, true);
  old.replaceWith(adopted);
  htmx.process(adopted);
}

/** The player stays, so its labels are carried over one by one: both are the same template, in the same order.
 * What the script itself writes (data-now) it writes anew. */
function translatePlayer(page: Document): void {
  const mine = labelled(document);
  const theirs = labelled(page);
  mine.forEach((element, place) => {
    const other = theirs[place];
    if (!other || other.tagName !== element.tagName) return;
    const label = other.getAttribute("aria-label");
    if (label !== null) element.setAttribute("aria-label", label);
    if (!element.hasAttribute("data-now") && element.childElementCount === 0) element.textContent = other.textContent;
  });
}

const labelled = (from: Document): Element[] => [...from.querySelectorAll("#player [aria-label], #player button:not(:has(*)), #player .tag")];

/** Say which entry of the navigation this page belongs to. */
function markNavigation(): void {
  const here = document.getElementById("main")?.dataset["nav"] ?? "";
  for (const link of document.querySelectorAll<HTMLElement>("#side [data-nav], #tabs [data-nav]")) {
    if (link.dataset["nav"] === here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

/** A page that did not arrive is told; what was there stays. Polls that fail are tried again by themselves. */
function lost(event: CustomEvent<{ ctx?: Context; error?: Error }>): void {
  const { ctx, error } = event.detail;
  if (!error || error.name === "AbortError" || ctx?.sourceElement?.getAttribute("hx-trigger")?.startsWith("every")) return;
  toast(document.getElementById("toasts")?.dataset["unreached"] ?? "");
}

/** Show one short sentence for a while, perhaps with something to do about it; a newer one takes its place. */
export function toast(text: string, action?: { readonly label: string; readonly run: () => void }): void {
  const place = document.getElementById("toasts");
  if (!place || !text) return;
  const box = document.createElement("div");
  box.className = "toast";
  const words = document.createElement("span");
  words.className = "grow";
  words.textContent = text;
  box.append(words);
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn sm";
    button.textContent = action.label;
    button.addEventListener("click", () => {
      box.remove();
      action.run();
    });
    box.append(button);
  }
  place.replaceChildren(box);
  setTimeout(() => box.remove(), TOAST_MS);
}

/** The greeting goes by the reader's clock, which only the browser knows. */
function rememberZone(): void {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && !document.cookie.includes(`zone=${zone}`)) document.cookie = `zone=${zone}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
}

/**
 * The auditor's page: places in the piece a press away, two recordings at the same musical place, keys, and what another
 * auditor or the applicant did meanwhile.
 *
 * A key alone never decides: those that decide move to the button or to what must be written first, and Enter does it.
 * Single keys can be turned off (WCAG 2.1.4); whether they are is all that is kept here.
 */
import type { Player } from "./player";

const KEPT = "alpheus.audit-keys";
const STEP_SECONDS = 5;
const LOOK_MS = 8_000;
const DECIDING = new Set(["y", "q", "n", "p", "o"]);

let player: Player;
let following = false;
let on = true;
let used: Element | null = null; // the pair that was compared last: A and B go on with it

/** Follow the page; it may have been swapped since the last call. */
export function follow(of: Player): void {
  player = of;
  if (!following) {
    following = true;
    on = read();
    document.addEventListener("click", pressed);
    document.addEventListener("keydown", typed);
    document.addEventListener("change", scrubbed);
    player.onChange(draw);
    setInterval(draw, 250);
    setInterval(look, LOOK_MS);
    document.addEventListener("visibilitychange", look);
  }
  showSwitch();
  page()?.setAttribute("data-followed", "");
}

const page = (): HTMLElement | null => document.querySelector<HTMLElement>("[data-audit]");
const bare = (gid: string | null | undefined): string => (gid ?? "").replaceAll("-", "");
const plays = (gid: string | undefined): boolean => gid !== undefined && bare(player.gid) === bare(gid);

function read(): boolean {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true; // Storage is closed to this page.
  }
}

function turn(): void {
  on = !on;
  try {
    localStorage.setItem(KEPT, on ? "on" : "off");
  } catch {
    // Then it is forgotten with the page.
  }
  showSwitch();
}

function showSwitch(): void {
  const button = document.querySelector<HTMLElement>("[data-keys-switch]");
  button?.setAttribute("aria-pressed", String(on));
  if (button) button.textContent = page()?.dataset[on ? "on" : "off"] ?? "";
}

function hear(gid: string, ms: number): void {
  if (plays(gid) && player.state !== "ended") {
    player.seek(ms / 1000);
    if (player.state === "paused") player.resume();
  } else player.play([bare(gid)], 0, ms);
}

function pressed(event: MouseEvent): void {
  const target = event.target instanceof Element ? event.target : null;
  const cue = target?.closest<HTMLElement>("[data-cue]");
  if (cue) hear(cue.dataset["cue"]!, Number(cue.dataset["at"]));
  const side = target?.closest<HTMLElement>("[data-side]");
  if (side) compare(side);
  if (target?.closest("[data-keys-switch]")) turn();
}

/** Play one of two: from the passage's beginning, or, while the other sounds inside it, from the same musical place. */
function compare(button: HTMLElement): void {
  const pair = button.closest<HTMLElement>("[data-pair]")!;
  used = pair;
  const { own, other, ownMs, otherMs, lengthMs } = pair.dataset;
  const toOwn = button.dataset["side"] === "own";
  const [from, fromMs] = toOwn ? [other, Number(otherMs)] : [own, Number(ownMs)];
  const [to, toMs] = toOwn ? [own!, Number(ownMs)] : [other!, Number(otherMs)];
  const into = plays(from) ? player.position * 1000 - fromMs : -1;
  hear(to, toMs + (into >= 0 && into < Number(lengthMs) ? into : 0));
}

function typed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !page()) return;
  const target = event.target instanceof Element ? event.target : document.body;
  if (event.key === "Escape" && target instanceof HTMLElement && target.closest("#decision")) return target.blur();
  if (!on || target.closest("input:not([type=range]),textarea,select,[contenteditable],#player,dialog")) return;
  const own = page()!.dataset["own"];
  if (event.key === " " && own && !plays(own) && !target.closest("button,a,summary")) {
    event.preventDefault();
    return hear(own, 0);
  }
  if ((event.key === "ArrowLeft" || event.key === "ArrowRight") && !(target instanceof HTMLInputElement) && player.gid) {
    event.preventDefault();
    return player.seek(player.position + (event.key === "ArrowLeft" ? -STEP_SECONDS : STEP_SECONDS));
  }
  const named = `[data-key="${CSS.escape(event.key.toLowerCase())}"]`;
  const pair = target.closest("[data-pair]") ?? (used?.isConnected ? used : null);
  const button = pair?.querySelector<HTMLElement>(named) ?? document.querySelector<HTMLElement>(`[data-audit] ${named}`);
  if (!button) return;
  event.preventDefault();
  if (DECIDING.has(event.key.toLowerCase())) prepare(button, event.key.toLowerCase());
  else button.click();
}

/** Go to what must be filled in first, else to the button. */
function prepare(button: HTMLElement, key: string): void {
  const reason = document.querySelector<HTMLSelectElement>("#reason");
  const words = document.querySelector<HTMLTextAreaElement>("#words");
  if (key === "n" && reason && !reason.value) reason.focus();
  else if (key !== "y" && words && !words.value.trim()) words.focus();
  else button.focus();
}

/** Have the page ask what happened meanwhile, while somebody sees it; who comes back to it is told at once. */
function look(): void {
  if (!document.hidden) document.querySelector("[data-news]")?.dispatchEvent(new Event("look"));
}

function scrubbed(event: Event): void {
  const range = event.target;
  if (range instanceof HTMLInputElement && range.dataset["scrub"] !== undefined) {
    const own = page()?.dataset["own"];
    if (own) hear(own, Number(range.value));
  }
}

function draw(): void {
  const place = page()?.querySelector<HTMLElement>("[data-current]");
  if (!place || !plays(page()!.dataset["own"])) return;
  const range = place.querySelector<HTMLInputElement>("[data-scrub]")!;
  const at = player.position;
  place.style.setProperty("--hi", `${Math.min(100, (100_000 * at) / Math.max(1, Number(range.max))).toFixed(1)}%`);
  if (document.activeElement !== range) range.value = String(at * 1000);
  const clock = page()!.querySelector("[data-clock]");
  const told = `${Math.floor(at / 60)}:${String(Math.floor(at % 60)).padStart(2, "0")}`;
  if (clock && clock.textContent !== told) clock.textContent = told;
}

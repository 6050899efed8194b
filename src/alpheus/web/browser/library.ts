/** Hearts, menus and playlists: here only what every page needs; the rest is loaded when it is first pressed. */
import { facts, icon, make, mark, write } from "./page";
import type { Player } from "./player";
import { toast } from "./shell";
import { plain } from "./wire";

/** What the modules that are loaded later get from here, so that they need no code of this file's. */
export interface Kit {
  readonly player: Player;
  readonly make: typeof make;
  readonly icon: typeof icon;
  readonly mark: typeof mark;
  readonly write: typeof write;
  readonly toast: typeof toast;
  readonly icons: () => string;
  /** a sentence of the page's, by its name */
  readonly word: (name: string, values?: Readonly<Record<string, string | number>>) => string;
  readonly ask: <T>(method: string, path: string, body?: unknown) => Promise<T>;
  /** remember and show whether a thing is kept */
  readonly show: (gid: string, isKept: boolean) => void;
  readonly isKept: (gid: string) => boolean;
}

const PRESSES = "[data-keep],[data-more],[data-add-all],[data-add-queue],[data-whole],[data-play-from]";
const AT_ONCE = 200;

const kept = new Map<string, boolean>();

export function startLibrary(player: Player): void {
  const kit = kitOf(player);
  document.addEventListener("click", (event) => press(event, kit), { capture: true });
  document.addEventListener("alpheus:page", () => arrive(kit));
  document.addEventListener("htmx:after:swap", () => {
    void ask(kit);
    order(kit);
  });
  player.onChange(() => followPlayer(player, kit));
  arrive(kit);
}

function kitOf(player: Player): Kit {
  const word = (name: string, values: Readonly<Record<string, string | number>> = {}): string =>
    (document.getElementById("library-sheets")?.dataset[name] ?? document.getElementById("moves")?.dataset[name] ?? "")
      .replace(/\{(\w+)\}/g, (all, key: string) => String(values[key] ?? all));
  const kit: Kit = {
    player, make, icon, mark, write, toast, word,
    icons: () => facts().icons,
    ask: (method, path, body) => player.session.ask(method, path, body),
    show: (gid, isKept) => {
      kept.set(plain(gid), isKept);
      paint();
    },
    isKept: (gid) => kept.get(plain(gid)) ?? false,
  };
  return kit;
}

/** A new page: which of its things are kept, and whether it is a playlist that can be put in order. */
function arrive(kit: Kit): void {
  void ask(kit);
  document.querySelector("main .tabs [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest", behavior: "instant" });
  order(kit);
}

function order(kit: Kit): void {
  if (document.querySelector("[data-grip]")) void import("./reorder").then((it) => it.startReorder(kit));
}

const hearts = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-keep][data-gid]")];

async function ask(kit: Kit): Promise<void> {
  paint();
  const unknown = [...new Set(hearts().map((it) => plain(it.dataset["gid"]!)))].filter((gid) => !kept.has(gid));
  for (let at = 0; at < unknown.length; at += AT_ONCE) {
    const some = unknown.slice(at, at + AT_ONCE);
    for (const gid of some) kept.set(gid, false);
    try {
      const found = await kit.ask<{ kept: string[] }>("GET", `/library/among?${some.map((gid) => `gid=${gid}`).join("&")}`);
      for (const gid of found.kept) kept.set(plain(gid), true);
    } catch {
      for (const gid of some) kept.delete(gid); // Asked again with the next page.
    }
    paint();
  }
}

function paint(): void {
  for (const heart of hearts()) mark(heart, "aria-pressed", String(kept.get(plain(heart.dataset["gid"]!)) ?? false));
}

/** The heart of the now-playing page belongs to what plays. */
function followPlayer(player: Player, kit: Kit): void {
  const heart = document.querySelector<HTMLElement>("[data-keep-now]");
  if (!heart || !player.gid || heart.dataset["gid"] === player.gid) return;
  heart.dataset["gid"] = player.gid;
  void ask(kit);
}

function press(event: MouseEvent, kit: Kit): void {
  const target = event.target instanceof Element ? event.target : null;
  const button = target?.closest<HTMLElement>(PRESSES);
  if (!button || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  if (button.dataset["playFrom"] && button.closest("[data-queue]")) return; // its queue stands in the page
  event.preventDefault();
  event.stopPropagation();
  void import("./keeping").then((it) => it.press(button, kit));
}

/** What follows on the now-playing page: the queue's rows, of which more are fetched as somebody scrolls, however long it is.
 *
 * Loaded when a queue is first shown. Rows stay the same elements as long as their entries follow: whoever is at one with
 * the keyboard stays there while the music goes on, while others edit, and while more rows come.
 */
import type { smallSleeve } from "./faces";
import type { clock } from "./format";
import { startOrder } from "./order";
import type { icon, make, say, write } from "./page";
import type { Player } from "./player";
import type { Entry, itemAt, Queue, upcoming } from "./queue";
import type { RecordingWire } from "./wire";

/** What the page brings along: modules that it has already. */
export interface Tools {
  readonly smallSleeve: typeof smallSleeve;
  readonly clock: typeof clock;
  readonly icon: typeof icon;
  readonly make: typeof make;
  readonly say: typeof say;
  readonly write: typeof write;
  readonly itemAt: typeof itemAt;
  readonly upcoming: typeof upcoming;
}

/** Rows at first: as many as the session tells of a long queue by itself. */
const ROWS = 60;
/** Further rows at a time, when the end of those that are there comes near. */
const MORE = 100;
/** Entries in one answer, as web gives them. */
const ANSWER_MAX = 500;
/** How far below the window the end of the rows counts as near. */
const NEAR = "800px";

interface EntriesWire {
  readonly entries: readonly Entry[];
  readonly offset: number;
  readonly length: number;
}

export class UpNext {
  readonly #player: Player;
  readonly #one: (name: string) => HTMLElement;
  readonly #tools: Tools;
  readonly #near = new IntersectionObserver((seen) => seen.some((it) => it.isIntersecting) && this.#more(), { rootMargin: NEAR });
  #list: HTMLElement | null = null;
  #wanted = ROWS;
  #shown: { queue: Queue; known: number } | null = null;
  #asking = false;

  /** `one` finds a part of the page that is open by its name. */
  constructor(player: Player, one: (name: string) => HTMLElement, tools: Tools) {
    this.#player = player;
    this.#one = one;
    this.#tools = tools;
    startOrder(player, { say: tools.say, write: tools.write });
    player.session.onLearn = () => this.#list?.isConnected && this.paint();
  }

  paint(): void {
    const list = this.#one("queue");
    if ("dragging" in list.dataset) return;
    const { queue, session } = this.#player;
    const { itemAt, say, upcoming, write } = this.#tools;
    if (list !== this.#list) this.#begin(list);
    else if (this.#shown?.queue === queue && this.#shown.known === session.knownCount) return;
    this.#shown = { queue, known: session.knownCount };
    const places = upcoming(queue, this.#wanted);
    const rows = this.#asking || places.length < this.#wanted ? [...places, ...this.#stillThere(places)] : places;
    this.#put(rows);
    this.#one("queue-empty").hidden = rows.length > 0;
    this.#one("queue-clear").hidden = queue.length < 2;
    const left = queue.length - queue.offset - queue.entries.length + Math.max(upcoming(queue, Infinity).length - rows.length, 0);
    const more = this.#one("queue-more");
    more.hidden = left < 1;
    write(more, say("more_follow", { count: left }));
    // Observed anew it tells again whether it is near, also where it was before.
    this.#near.disconnect();
    this.#near.observe(more);
    void this.#fetch(places.length);
    void session.some(places.map((place) => itemAt(queue, place)!));
  }

  #begin(list: HTMLElement): void {
    this.#list = list;
    this.#wanted = ROWS;
    this.#shown = null;
  }

  #more(): void {
    if (this.#asking || (this.#list?.childElementCount ?? 0) < this.#wanted) return;
    this.#wanted += MORE;
    this.#shown = null;
    this.paint();
  }

  /** Ask for what is wanted beyond what is known; the session tells only what is around what plays. */
  async #fetch(there: number): Promise<void> {
    const { queue, session } = this.#player;
    const offset = queue.offset + queue.entries.length;
    const limit = Math.min(this.#wanted - there, ANSWER_MAX, queue.length - offset);
    if (this.#asking || limit < 1 || queue.entries.length === 0) return;
    this.#asking = true;
    // What fails is asked for again with the next change, or when somebody scrolls on.
    const found = await session.ask<EntriesWire>("GET", `/session/entries?offset=${offset}&limit=${limit}`).catch(() => null);
    this.#asking = false;
    if (found) this.#player.extend(found);
  }

  /** Rows beyond what is known that stand where they stood: when the queue moved on, until they are told again. */
  #stillThere(places: readonly string[]): string[] {
    const old = [...(this.#list?.children ?? [])].map((row) => (row as HTMLElement).dataset["entry"]!);
    const last = old.indexOf(places.at(-1) ?? "");
    const { queue } = this.#player;
    if (last < 0 || queue.offset + queue.entries.length >= queue.length) return [];
    const known = new Set(places);
    return old.slice(last + 1).filter((place) => !known.has(place) && place !== queue.at);
  }

  /** Make the list hold these rows, touching only what changed. */
  #put(places: readonly string[]): void {
    const list = this.#list!;
    const focused = document.activeElement;
    const at = [...list.children].findIndex((row) => row.contains(focused));
    const control = at < 0 ? null : (focused as HTMLElement).dataset["do"] ?? "drag";
    const old = new Map([...list.children].map((row) => [(row as HTMLElement).dataset["entry"]!, row as HTMLElement]));
    const rows = places.map((place) => this.#row(place, old.get(place)));
    const kept = new Set<Element>(rows);
    for (const row of [...list.children]) if (!kept.has(row)) row.remove();
    let next = list.firstElementChild;
    for (const row of rows) {
      if (row === next) next = next.nextElementSibling;
      else list.insertBefore(row, next);
    }
    if (at < 0 || document.activeElement === focused) return;
    const beside = rows[Math.min(at, rows.length - 1)]?.querySelector(control === "drag" ? "[data-drag]" : `[data-do=${control}]`);
    const heir = focused?.isConnected ? focused : beside ?? list.closest("section")?.querySelector("button:not([hidden])");
    (heir as HTMLElement | null | undefined)?.focus({ preventScroll: true });
  }

  #row(place: string, old: HTMLElement | undefined): HTMLElement {
    const { queue, session } = this.#player;
    const { itemAt, make } = this.#tools;
    const gid = itemAt(queue, place);
    const recording = gid === null ? null : session.known(gid);
    if (old && (recording === null || !("ghost" in old.dataset))) return old;
    return recording ? this.#whole(place, recording) : make("li", { "data-entry": place, "data-ghost": "" }, make("span", { class: "ghost grow" }));
  }

  #whole(place: string, recording: RecordingWire): HTMLElement {
    const { clock, icon, make, say, smallSleeve, write } = this.#tools;
    const title = make("button", { type: "button", class: "over t cut", "data-do": "jump", "data-place": place, lang: recording.language || undefined }, recording.title);
    const credit = make("p", { class: "sm two cut" });
    write(credit, recording.credit.name);
    const remove = make("button", { type: "button", class: "tap", "data-do": "remove", "data-place": place, "aria-label": say("remove", { title: recording.title }) }, icon("x", "s"));
    const handle = make("button", { type: "button", class: "tap handle", "data-drag": "", "aria-label": say("move", { title: recording.title }) }, icon("grip-vertical", "s"));
    return make("li", { "data-entry": place },
      handle,
      smallSleeve(recording.cover),
      make("div", { class: "grow" }, title, credit),
      make("span", { class: "num sm dim" }, clock((recording.duration_ms ?? 0) / 1000)),
      remove,
    );
  }
}

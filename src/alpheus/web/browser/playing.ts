/** The now-playing page: what the controls do not fill themselves: waveform, lyrics, queue, credits, tint. */
import { isSecure } from "./cipher";
import { creditOf, smallSleeve } from "./faces";
import { clock, waveform } from "./format";
import { isSynced, lineAt } from "./lyrics";
import { facts, icon, make, mark, property, say, write } from "./page";
import { peaksOf, type Player } from "./player";
import { itemAt, upcoming } from "./queue";
import type { UpNext } from "./upnext";
import type { LyricsWire, RecordingWire } from "./wire";

/** Strokes of the waveform: as many as a phone shows apart. */
const BARS = 100;

/** How often the line that is sung is looked for, where there are lines with times. */
const FOLLOW_MS = 150;

/** A listener who scrolled the lyrics is left alone for this long. */
const SCROLLED_MS = 4_000;

export class PlayingPage {
  readonly #player: Player;
  #page: HTMLElement | null = null;
  #shown = "";
  #next: UpNext | undefined;
  #loading: Promise<void> | undefined;
  #lyrics: LyricsWire | null = null;
  #line = -1;
  #scrolledAt = -Infinity;
  #following: ReturnType<typeof setInterval> | undefined;

  constructor(player: Player) {
    this.#player = player;
    player.onChange(() => this.paint());
    new MutationObserver(() => this.paint()).observe(document.body, { childList: true });
    document.addEventListener("alpheus:page", () => this.paint());
  }

  /** Fill the page, when it is the one that is open. */
  paint(): void {
    const page = document.querySelector<HTMLElement>("[data-playing-page]");
    if (page !== this.#page) this.#forget(page);
    const { recording } = this.#player;
    if (!page) return;
    this.#one("empty").hidden = recording !== null;
    this.#one("full").hidden = recording === null;
    if (!recording) return;
    if (this.#shown !== recording.gid) this.#show(recording);
    const title = document.title.replace(/^.*(?= · [^·]*$)/, () => recording.title);
    if (document.title !== title) document.title = title;
    this.#showQueue();
    this.#follow();
  }

  #forget(page: HTMLElement | null): void {
    this.#page = page;
    this.#shown = "";
    this.#line = -1;
    page?.querySelector(".lyrics")?.addEventListener("wheel", () => this.#scrolled(), { passive: true });
    page?.querySelector(".lyrics")?.addEventListener("touchmove", () => this.#scrolled(), { passive: true });
  }

  #scrolled(): void {
    this.#scrolledAt = performance.now();
  }

  #one(name: string): HTMLElement {
    return this.#page!.querySelector<HTMLElement>(`[data-now=${name}]`)!;
  }

  #show(recording: RecordingWire): void {
    this.#shown = recording.gid;
    property(this.#page!, "--h", String(recording.cover?.hue ?? 195));
    property(this.#page!, "--c", String(Math.min(recording.cover?.chroma ?? 0.02, 0.09)));
    this.#one("wave").setAttribute("d", waveform(peaksOf(recording) ?? new Uint8Array(BARS), BARS));
    this.#one("insecure").hidden = isSecure();
    this.#showFrom(recording);
    this.#one("credits").replaceChildren(
      make("li", {}, make("p", { class: "credit grow" }, ...creditOf(recording))),
    );
    const still = (): boolean => this.#shown === recording.gid && this.#page?.isConnected === true;
    const address = facts().release.replace("release/{gid}", `recording/${recording.gid}`);
    const roles = this.#one("roles");
    void import("./credits").then(({ showCredits }) => showCredits(roles, address, still));
    this.#showLyrics(null);
    if (recording.has_lyrics)
      void this.#player.session.lyrics(recording.gid).then((lyrics) => {
        if (still()) this.#showLyrics(lyrics);
      });
  }

  #showFrom({ release }: RecordingWire): void {
    const line = this.#one("from");
    line.classList.add("from");
    if (!release) return line.replaceChildren();
    const link = make("a", { class: "b", href: facts().release.replace("{gid}", release.gid), lang: release.language || undefined }, release.title);
    const [before, after] = say("from", { release: "\u0000" }).split("\u0000");
    line.replaceChildren(before ?? "", link, after ?? "");
  }

  // Lyrics

  #showLyrics(lyrics: LyricsWire | null): void {
    this.#lyrics = lyrics;
    this.#line = -1;
    clearInterval(this.#following);
    if (lyrics && isSynced(lyrics.lines))
      this.#following = setInterval(() => {
        if (!this.#page?.isConnected) clearInterval(this.#following);
        else if (!document.hidden) this.#follow();
      }, FOLLOW_MS);
    const part = this.#one("lyrics-part");
    const box = this.#one("lyrics");
    part.hidden = !lyrics || lyrics.lines.length === 0;
    if (!lyrics) return box.replaceChildren();
    mark(box, "lang", lyrics.language || null);
    box.replaceChildren(...lyrics.lines.map(({ start_ms, text }) => lineElement(start_ms, text)));
    box.scrollTop = 0;
  }

  #follow(): void {
    const lyrics = this.#lyrics;
    if (!lyrics || !isSynced(lyrics.lines) || !this.#page) return;
    const line = lineAt(lyrics.lines, this.#player.position * 1000);
    if (line === this.#line) return;
    this.#line = line;
    const box = this.#one("lyrics");
    for (const [index, element] of [...box.children].entries()) {
      mark(element, "aria-current", index === line ? "true" : null);
      element.classList.toggle("sung", index < line);
    }
    const element = box.children[line];
    if (!(element instanceof HTMLElement) || performance.now() - this.#scrolledAt < SCROLLED_MS) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const top = element.offsetTop - box.offsetTop - box.clientHeight / 3;
    box.scrollTo({ top, behavior: calm ? "instant" : "smooth" });
  }

  // What follows

  #showQueue(): void {
    if (this.#next) return this.#next.paint();
    this.#loading ??= import("./upnext").then(({ UpNext }) => {
      this.#next = new UpNext(this.#player, (name) => this.#one(name), { smallSleeve, clock, icon, make, say, write, itemAt, upcoming });
      if (this.#page?.isConnected) this.#next.paint();
    });
  }
}

function lineElement(startMs: number | null, text: string): HTMLElement {
  if (startMs === null || !text.trim()) return make("p", {}, text || "\u00a0");
  return make("p", {}, make("button", { type: "button", "data-do": "line", "data-start-ms": String(startMs) }, text));
}

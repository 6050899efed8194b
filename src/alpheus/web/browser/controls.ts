/** The controls: everything with data-do obeys, everything with data-now shows, in the bar and on the now-playing page. */
import { creditOf, showCover } from "./faces";
import { amount, clock } from "./format";
import { secondsIn, storedBytes } from "./memory";
import { connectAhead, draw, facts, icon, make, mark, property, say, write } from "./page";
import type { Player } from "./player";
import { afterRepeat, isMadeOf, nextPlace } from "./queue";
import { plain, type RecordingWire } from "./wire";

/** Seconds that one press of an arrow key seeks. */
const STEP_SECONDS = 5;
export const LEAP_SECONDS = 10;
/** Pieces of this length are mostly spoken, or are listened to as if they were, whatever their genre says. */
const LONG_MS = 600_000;
/** What a listener to speech missed. */
const SPEECH_SECONDS = 15;
const VOLUME_STEP = 0.05;

/** How often the stores are measured while something plays: they are asked, not assumed. */
const MEASURE_MS = 30_000;

/** The line moves by a two-hundredth of the piece, but no oftener than is seen and no slower than seconds are counted:
 * every stroke costs a phone's battery. */
const PAINT_MS = [250, 1_000] as const;
const STROKES = 200;

export class Controls {
  readonly #player: Player;
  readonly #root: HTMLElement;
  #stored = 0;
  #announced = "";
  #painting: ReturnType<typeof setTimeout> | undefined;
  #sheet: Promise<(which: "player-sheet" | "keys-sheet") => void> | undefined;
  /** the slider that the listener holds, and so is not moved under their thumb */
  #held: HTMLInputElement | null = null;

  constructor(player: Player, root: HTMLElement) {
    this.#player = player;
    this.#root = root;
    player.onChange(() => this.paint());
    this.#paintOn();
    document.addEventListener("visibilitychange", () => this.#paintOn());
    setInterval(() => void this.#measure(), MEASURE_MS);
    void this.#measure();
    this.#obey();
    this.#keys();
    this.#keepWithPage();
    this.paint();
  }

  /** Show everything. */
  paint(): void {
    const { recording } = this.#player;
    this.#root.hidden = this.#player.state === "empty" && this.#player.trouble === null;
    if (recording) this.#paintRecording(recording);
    this.#paintButtons();
    this.#paintElsewhere();
    this.#paintTrouble();
    this.#paintTime();
    this.#paintRows();
  }

  /** Move the line while music sounds and somebody can look. */
  #paintOn(): void {
    clearTimeout(this.#painting);
    if (document.hidden) return;
    const { state, duration, position } = this.#player;
    if (state !== "empty") this.#paintTime();
    const [often, seldom] = PAINT_MS;
    const everyMs = Math.min(Math.max((duration * 1000) / STROKES, often), seldom);
    // On the stroke of the second, or the clock would show some seconds for too long.
    this.#painting = setTimeout(() => this.#paintOn(), everyMs - ((position * 1000) % everyMs) + 5);
  }

  /** What plays on another device: which, and that it can play here instead. */
  #paintElsewhere(): void {
    const { remote, cloud } = this.#player;
    for (const note of this.#all("[data-now=elsewhere]")) note.hidden = remote === null;
    if (!remote) return;
    const device = remote.gid === cloud?.you ? say("another_tab") : remote.name || remote.kind;
    for (const text of this.#all("[data-now=elsewhere-text]")) write(text, say("plays_on", { device }));
  }

  #all<T extends Element = HTMLElement>(selector: string): T[] {
    return [...document.querySelectorAll<T>(selector)];
  }

  #paintRecording(recording: RecordingWire): void {
    const credit = recording.credit.name;
    for (const element of this.#all("[data-now=title]")) {
      write(element, recording.title);
      mark(element, "lang", recording.language || null);
    }
    for (const element of this.#all("[data-now=credit]")) {
      if (element.dataset["shows"] === recording.gid) continue;
      element.dataset["shows"] = recording.gid;
      element.classList.add("credit");
      element.replaceChildren(...creditOf(recording));
    }
    const alt = recording.release ? say("cover", { title: recording.release.title }) : "";
    for (const image of this.#all<HTMLImageElement>("img[data-now=cover]"))
      showCover(image, recording.cover, image.closest("#player") ? "" : alt);
    for (const none of this.#all("[data-now=no-cover]")) none.toggleAttribute("hidden", recording.cover !== null);
    for (const button of this.#all("[data-now=speech]")) button.hidden = !recording.speech && recording.duration_ms < LONG_MS;
    for (const tag of this.#all("[data-now=preview]")) tag.hidden = !this.#player.preview;
    for (const offer of this.#all("[data-now=members]")) offer.hidden = Boolean(recording.appears_at);
    for (const link of this.#all("[data-now=lyrics-link]")) link.hidden = !recording.has_lyrics;
    const announcement = say("announce", { title: recording.title, artists: credit });
    if (this.#announced === announcement || this.#player.state !== "playing") return;
    this.#announced = announcement;
    for (const element of this.#all("[data-now=announcement]")) write(element, announcement);
  }

  #paintButtons(): void {
    const { state, queue, muted, volume } = this.#player;
    const sounding = state === "playing" || state === "starting";
    for (const button of this.#all("[data-do=toggle]")) {
      draw(button, sounding ? "pause" : "play");
      mark(button, "aria-label", say(sounding ? "pause" : "play"));
      mark(button, "aria-busy", sounding && (state === "starting" || this.#player.starving) ? "true" : null);
    }
    for (const button of this.#all("[data-do=shuffle]")) mark(button, "aria-pressed", String(queue.shuffle));
    for (const button of this.#all("[data-do=repeat]")) {
      mark(button, "aria-pressed", String(queue.repeat !== "off"));
      mark(button, "aria-label", say(`repeat_${queue.repeat}`));
      draw(button, queue.repeat === "one" ? "repeat-1" : "repeat");
    }
    for (const button of this.#all("[data-do=next]")) mark(button, "disabled", nextPlace(queue) === null && !this.#player.remote ? "" : null);
    for (const button of this.#all("[data-do=mute]")) {
      mark(button, "aria-pressed", String(muted));
      mark(button, "aria-label", say(muted ? "unmute" : "mute"));
      draw(button, muted || volume === 0 ? "volume-x" : "volume-2");
    }
    for (const slider of this.#all<HTMLInputElement>("[data-do=volume]")) {
      const percent = Math.round((muted ? 0 : volume) * 100);
      if (slider !== this.#held) slider.value = String(percent);
      mark(slider, "aria-valuetext", say("volume_value", { percent }));
    }
  }

  #paintTrouble(): void {
    const { trouble } = this.#player;
    const values = {
      at: clock(this.#player.position),
      seconds: Math.max(Math.ceil(trouble?.retrySeconds ?? 0), 1),
      detail: trouble?.detail ?? "",
    };
    for (const note of this.#all("[data-now=trouble]")) note.hidden = trouble === null;
    if (!trouble) return;
    for (const title of this.#all("[data-now=trouble-title]")) write(title, say(trouble.kind, values));
    for (const text of this.#all("[data-now=trouble-text]")) write(text, say(`${trouble.kind}_text`, values));
    const canRetry = trouble.retrySeconds === null && trouble.kind !== "unsupported";
    for (const button of this.#all("[data-now=trouble-retry]")) button.hidden = !canRetry;
  }

  #paintTime(): void {
    const { position, duration, held } = this.#player;
    const percent = (seconds: number): string => `${duration > 0 ? ((seconds / duration) * 100).toFixed(3) : 0}%`;
    const [from, until] = held ?? [position, position];
    for (const element of this.#all("[data-now=reach]")) {
      property(element, "--lo", percent(from));
      property(element, "--hi", percent(until));
      property(element, "--at", percent(position));
    }
    for (const slider of this.#all<HTMLInputElement>("[data-do=seek]")) this.#paintSeek(slider, position, duration);
    for (const element of this.#all("[data-now=elapsed]")) write(element, clock(position));
    for (const element of this.#all("[data-now=total]")) write(element, clock(duration));
    for (const element of this.#all("[data-now=remaining]")) write(element, clock(Math.floor(position) - Math.floor(duration)));
    this.#paintMemory();
  }

  #paintSeek(slider: HTMLInputElement, position: number, duration: number): void {
    mark(slider, "max", String(Math.floor(duration)));
    if (slider !== this.#held) slider.value = String(Math.floor(position));
    mark(slider, "aria-valuetext", say("seek_value", { at: clock(Number(slider.value)), total: clock(duration) }));
  }

  #paintMemory(): void {
    const seconds = Math.round(secondsIn(this.#player.loop.held));
    const size = amount(this.#stored, facts().language);
    const words = say(size.unit, { value: size.value });
    for (const element of this.#all("[data-now=in-memory]")) write(element, say("in_memory", { seconds }));
    for (const element of this.#all("[data-now=stored]")) write(element, say("stored", { amount: words, seconds }));
    for (const element of this.#all("[data-now=stored-short]")) write(element, say("stored_short", { amount: words }));
  }

  async #measure(): Promise<void> {
    if (document.hidden || this.#player.state === "empty") return;
    this.#stored = (await storedBytes()).music;
    this.#paintMemory();
  }

  /** Rows and buttons of other pages: what plays is marked wherever it stands. */
  #paintRows(): void {
    const { gid, state } = this.#player;
    for (const row of this.#all("[data-recording]"))
      mark(row, "aria-current", gid !== null && plain(row.dataset["recording"]!) === gid ? "true" : null);
    const sounding = state === "playing" || state === "starting";
    for (const button of this.#all("[data-play]")) {
      const single = this.#isPlaying(wishOf(button));
      const pausing = single && sounding;
      mark(button, "data-state", single ? (sounding ? "playing" : "paused") : null);
      if (!button.querySelector("use")) continue;
      if (pausing && button.dataset["label"] === undefined) {
        button.dataset["label"] = button.getAttribute("aria-label") ?? "";
        draw(button, "pause");
        if (button.dataset["label"]) mark(button, "aria-label", say("pause"));
      } else if (!pausing && button.dataset["label"] !== undefined) {
        draw(button, "play");
        if (button.dataset["label"]) mark(button, "aria-label", button.dataset["label"]);
        delete button.dataset["label"];
      }
    }
  }

  // What the listener does

  #obey(): void {
    document.addEventListener("click", (event) => {
      const target = event.target instanceof Element ? event.target : null;
      const button = target?.closest<HTMLElement>("[data-play],[data-play-next],[data-enqueue],[data-do]");
      if (!button || button instanceof HTMLInputElement) return;
      this.#press(button, event);
    });
    for (const sign of ["pointerover", "pointerdown", "focusin"])
      document.addEventListener(sign, (event) => {
        const near = event.target instanceof Element && event.target.closest("[data-play],[data-play-index],[data-do=toggle]");
        if (near && this.#player.state !== "playing") connectAhead();
      }, { passive: true });
    document.addEventListener("input", (event) => this.#slide(event.target, false));
    document.addEventListener("change", (event) => this.#slide(event.target, true));
  }

  #press(button: HTMLElement, event: Event): void {
    if (button.dataset["play"] !== undefined) {
      event.preventDefault();
      this.#play(button);
    } else if (button.dataset["playNext"] !== undefined) this.#player.insertNext(JSON.parse(button.dataset["playNext"]) as string[]);
    else if (button.dataset["enqueue"] !== undefined) this.#player.append(JSON.parse(button.dataset["enqueue"]) as string[]);
    else this.#do(button.dataset["do"]!, button);
  }

  #play(button: HTMLElement): void {
    const wish = wishOf(button);
    if (!wish) return;
    if (this.#isPlaying(wish)) this.#player.toggle();
    else this.#player.play(wish.items, wish.index ?? 0);
  }

  /** Whether a button's wish is what plays already: the same queue, and the same piece where it names one. */
  #isPlaying(wish: Wish | null): boolean {
    const { gid, queue } = this.#player;
    if (!wish || gid === null || !isMadeOf(queue, wish.items)) return false;
    return wish.index === null || wish.items[wish.index] === gid;
  }

  #do(what: string, button: HTMLElement): void {
    const player = this.#player;
    const actions: Record<string, () => void> = {
      toggle: () => player.toggle(),
      retry: () => player.resume(),
      next: () => player.next(),
      previous: () => player.previous(),
      shuffle: () => player.setShuffle(!player.queue.shuffle),
      repeat: () => player.setRepeat(afterRepeat(player.queue.repeat)),
      mute: () => player.setMuted(!player.muted),
      jump: () => player.jump(button.dataset["place"]!),
      remove: () => player.remove(button.dataset["place"]!),
      here: () => player.playHere(),
      clear: () => player.clear(),
      back: () => player.seek(player.position - SPEECH_SECONDS),
      sheet: () => this.#open("player-sheet"),
      keys: () => this.#open("keys-sheet"),
      line: () => player.seek(Number(button.dataset["startMs"]) / 1000),
    };
    actions[what]?.();
  }

  /** Where music plays, when it stops, how it sounds, and the keys: loaded when first opened. */
  #open(which: "player-sheet" | "keys-sheet"): void {
    this.#sheet ??= import("./sheet").then(({ startSheet }) => startSheet(this.#player, { icon, make, mark, say, write }));
    void this.#sheet.then((open) => open(which));
  }

  #slide(target: EventTarget | null, done: boolean): void {
    if (!(target instanceof HTMLInputElement)) return;
    const value = Number(target.value);
    if (target.dataset["do"] === "volume") this.#player.setVolume(value / 100);
    else if (target.dataset["do"] !== "seek") return;
    this.#held = done ? null : target;
    if (done && target.dataset["do"] === "seek") this.#player.seek(value);
  }

  /** Space plays and pauses anywhere but where it means something else. Letters count only inside the player, so that
   * nobody who dictates or types beside it is surprised (WCAG 2.1.4). */
  #keys(): void {
    document.addEventListener("keydown", (event) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || this.#player.state === "empty") return;
      const target = event.target instanceof Element ? event.target : document.body;
      if (target.closest("input:not([type=range]),textarea,select,[contenteditable]")) return;
      const inside = target.closest("[data-keys]") !== null;
      const action = this.#keyAction(event.key, inside, target.closest("button,a,summary,[role=button]") !== null);
      if (!action) return;
      event.preventDefault();
      action();
    });
  }

  #keyAction(key: string, inside: boolean, onButton: boolean): (() => void) | null {
    const player = this.#player;
    if (key === " ") return onButton ? null : () => player.toggle();
    if (!inside) return null;
    const keys: Record<string, () => void> = {
      k: () => player.toggle(),
      j: () => player.seek(player.position - LEAP_SECONDS),
      l: () => player.seek(player.position + LEAP_SECONDS),
      ArrowLeft: () => player.seek(player.position - STEP_SECONDS),
      ArrowRight: () => player.seek(player.position + STEP_SECONDS),
      ArrowUp: () => player.setVolume(player.volume + VOLUME_STEP),
      ArrowDown: () => player.setVolume(player.volume - VOLUME_STEP),
      Home: () => player.seek(0),
      n: () => player.next(),
      p: () => player.previous(),
      m: () => player.setMuted(!player.muted),
      s: () => player.setShuffle(!player.queue.shuffle),
      r: () => player.setRepeat(afterRepeat(player.queue.repeat)),
      "?": () => this.#open("keys-sheet"),
    };
    // A slider moves by its own keys, and arrows on a link scroll as everywhere.
    const focused = document.activeElement;
    if (/^(Arrow|Home)/.test(key) && (focused instanceof HTMLInputElement || focused?.closest(".lyrics"))) return null;
    if (/^Arrow(Up|Down)/.test(key) && !focused?.closest("#player")) return null;
    return keys[key] ?? null;
  }

  // Pages that come and go

  /** Other pages' rows are marked as they arrive; and the living player stays, should a page bring another. */
  #keepWithPage(): void {
    let due = false;
    const look = (): void => {
      due = false;
      const other = document.getElementById("player");
      if (other && other !== this.#root && !this.#root.isConnected) other.replaceWith(this.#root);
      this.paint();
    };
    document.addEventListener("alpheus:page", look);
    new MutationObserver((records) => {
      const elsewhere = records.some(({ target }) => {
        const element = target instanceof Element ? target : target.parentElement;
        return !element?.closest("#player,[data-playing-page]") && !element?.closest("[data-play],[data-recording]");
      });
      if (!elsewhere || due) return;
      due = true;
      requestAnimationFrame(look);
    }).observe(document.body, { childList: true, subtree: true });
  }
}

interface Wish {
  readonly items: readonly string[];
  /** null when the button plays the whole queue, so that it pauses whatever of it sounds */
  readonly index: number | null;
}

function wishOf(button: HTMLElement): Wish | null {
  try {
    const { queue, index } = JSON.parse(button.dataset["play"] ?? "null") as { queue: string[]; index?: number };
    return { items: queue.map(plain), index: index ?? null };
  } catch {
    return null;
  }
}

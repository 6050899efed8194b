/** The player of previews in somebody else's page: one preview at a time, nobody's queue, nothing kept.
 *
 * No cookie travels: whoever is signed in at home is nobody here. Each piece is a stream of its own, asked for when play
 * is pressed; the loop and the stream are the app's.
 */
import { claimsOf } from "./bytes";
import { EdgeStream, type Plan } from "./edge";
import { clock } from "./format";
import { canDecode, isSupported, Loop, type Arriving } from "./loop";
import { elementVolume, gainDb } from "./loudness";
import { draw, facts, mark, property, say, write } from "./page";
import { load } from "./strategies/load";
import { segmentsOf, type Track } from "./timeline";
import { backoffMs, pause, refusalOf, Refused, troubleOf, Unreachable } from "./trouble";
import type { BatchAnswer, GrantWire, LoudnessWire, Want } from "./wire";

/** Keys are asked for so far ahead of the playhead. */
const RELEASED_SECONDS = 16;
const RENDITION = "aac-128";
const RENDITIONS = [RENDITION, "aac-64", "aac-256", "flac"];
const TRIES_MAX = 6;

interface PreviewWire {
  readonly stream: string;
  readonly edge: string;
  readonly grant: GrantWire;
  readonly batch: BatchAnswer | null;
}

/** A stream with the one grant that it has. */
interface Preview {
  readonly stream: EdgeStream;
  readonly grant: GrantWire;
  readonly rendition: string;
}

class Embedded {
  readonly #root: HTMLElement;
  readonly #pieces: readonly HTMLElement[];
  readonly #audio = new Audio();
  readonly #loop: Loop;
  #at = 0;
  /** counts presses: an answer to an older one is dropped */
  #press = 0;
  #preview: Preview | null = null;
  #wanted = false;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#pieces = [...root.querySelectorAll<HTMLElement>("[data-piece]")];
    this.#loop = new Loop(this.#audio, { open: () => this.#open(), segment: (...asked) => this.#segment(...asked), arrived: () => undefined, doubt: () => this.#preview?.stream.doubt(), successor: () => null }, {
      onSounding: () => this.#show(),
      onEnd: () => this.#ended(),
      onFailure: (error) => this.#failed(error),
    });
    for (const name of ["playing", "pause", "waiting", "timeupdate"]) this.#audio.addEventListener(name, () => this.#show());
    this.#toggle.addEventListener("click", () => (this.#wanted ? this.#pause() : this.#play()));
    for (const [place, piece] of this.#pieces.entries())
      piece.querySelector("[data-do=piece]")?.addEventListener("click", () => this.#begin(place));
    if (!isSupported()) write(this.#line, say("unsupported"));
    else if (this.#pieces.length === 0) write(this.#line, this.#line.dataset["none"] ?? "");
    else this.#toggle.disabled = false;
    addEventListener("pagehide", () => this.#preview?.stream.close());
  }

  get #toggle(): HTMLButtonElement {
    return this.#root.querySelector<HTMLButtonElement>("[data-do=toggle]")!;
  }

  get #line(): HTMLElement {
    return this.#root.querySelector<HTMLElement>("[data-now=line]")!;
  }

  #play(): void {
    if (!this.#loop.sounding || !this.#preview || this.#preview.stream.closed) return this.#begin(this.#at);
    this.#sound();
  }

  #pause(): void {
    this.#wanted = false;
    this.#audio.pause();
    this.#preview?.stream.report();
    this.#show();
  }

  #sound(): void {
    this.#wanted = true;
    this.#audio.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === "NotAllowedError") this.#pause();
    });
    this.#show();
  }

  /** Play a piece's preview from its start. Call it in the listener's press. */
  #begin(place: number): void {
    const press = ++this.#press;
    this.#preview?.stream.close();
    this.#preview = null;
    this.#at = place;
    this.#loop.attach();
    const silent = this.#loop.halt();
    this.#say("");
    this.#sound();
    void this.#connect(press, silent).catch((error: unknown) => {
      if (press === this.#press) this.#failed(error);
    });
  }

  async #connect(press: number, silent: Promise<void>): Promise<void> {
    const answer = await this.#ask(press);
    if (!answer) return;
    const { grant } = answer;
    const ready = claimsOf(grant.token).renditions;
    const stream: EdgeStream = new EdgeStream({
      url: answer.edge.replace(/\/$/, ""),
      stream: answer.stream,
      strategy: load,
      plan: () => this.#plan(stream),
      onTrouble: (error, retrySeconds) => {
        if (this.#preview?.stream === stream) this.#trouble(error, retrySeconds);
      },
      // A preview is over before its grant is; who paused for longer begins it again.
      renew: () => Promise.reject(new Refused(410, "grant_expired", "")),
    });
    stream.admit(grant.id, grant.token);
    this.#preview = { stream, grant, rendition: RENDITIONS.find((name) => ready.includes(name)) ?? RENDITION };
    if (answer.batch) await stream.begin(answer.batch, [grant.id]);
    await silent;
    if (press !== this.#press) return;
    const { loudness } = this.#pieces[this.#at]!.dataset;
    const measured = loudness ? (JSON.parse(loudness) as LoudnessWire) : null;
    this.#audio.volume = elementVolume(1, gainDb(measured, this.#pieces.length > 1 ? "album" : "track"));
    void this.#loop.start(grant.recording, (grant.window_ms?.[0] ?? 0) / 1000);
  }

  /** Ask web until it answers or something else is pressed. Throws what asking again does not help. */
  async #ask(press: number): Promise<PreviewWire | null> {
    const { api, reach } = facts();
    for (let attempt = 0; press === this.#press; attempt++) {
      let error: unknown = new Unreachable();
      try {
        const response = await fetch(`${api}/recordings/${this.#pieces[this.#at]!.dataset["piece"]}/preview`, {
          method: "POST", credentials: "omit", cache: "no-store",
          headers: { "Content-Type": "application/json", Accept: "application/json" },
          body: JSON.stringify({ reach, rendition: RENDITION }),
        });
        if (response.ok) return press === this.#press ? ((await response.json()) as PreviewWire) : null;
        error = await refusalOf(response);
      } catch {
        // Nobody is there: it is asked again.
      }
      const passing = !(error instanceof Refused) || error.status >= 500 || error.status === 429;
      if (!passing) throw error;
      const waitMs = Math.max(backoffMs(attempt), error instanceof Refused ? (error.waitSeconds ?? 0) * 1000 : 0);
      this.#trouble(error, waitMs / 1000);
      await pause(waitMs);
    }
    return null;
  }

  async #open(): Promise<Track> {
    const { stream, grant } = this.#held();
    const track = await stream.described(grant.id);
    if (!canDecode(track.mime)) throw new DOMException(track.mime, "NotSupportedError");
    return track;
  }

  async #segment(track: Track, segment: number, signal: AbortSignal): Promise<Arriving> {
    const { stream, grant } = this.#held();
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const release = await stream.take({ grant: grant.id, rendition: track.rendition, segment });
      signal.throwIfAborted();
      try {
        const response = await fetch(stream.address(release), { signal: AbortSignal.any([signal, stream.lost]), cache: "no-store", credentials: "omit" });
        if (response.ok) return { release, response };
        // Its name is over: the stream gives a new one. What the edge itself lacks is asked for again.
        if (response.status < 500) stream.forget(release);
      } catch {
        signal.throwIfAborted();
        stream.check();
      }
      await pause(backoffMs(attempt), signal);
      signal.throwIfAborted();
    }
    throw new Unreachable();
  }

  #held(): Preview {
    if (!this.#preview) throw new Unreachable();
    return this.#preview;
  }

  #plan(stream: EdgeStream): Plan {
    const { sounding } = this.#loop;
    const preview = this.#preview?.stream === stream ? this.#preview : null;
    const at = preview && sounding ? { grant: preview.grant.id, sample: this.#loop.sample! } : null;
    const want = preview ? this.#wants(preview) : [];
    const moving = !this.#audio.paused;
    return { at, want, aheadSeconds: want.length > 0 && (moving || stream.waiting) ? RELEASED_SECONDS : 0, moving };
  }

  /** The first segment whose key is not here. */
  #wants({ stream, grant, rendition }: Preview): Want[] {
    const track = stream.track(grant.id);
    if (!track) return [{ grant: grant.id, rendition, segment: 0 }];
    const [first, last] = segmentsOf(track);
    for (let segment = Math.max(first, this.#loop.cursor?.segment ?? first); segment <= last; segment++)
      if (!stream.holds(grant.id, track.rendition, segment)) return [{ grant: grant.id, rendition: track.rendition, segment }];
    return [];
  }

  #ended(): void {
    this.#preview?.stream.report();
    if (this.#at + 1 < this.#pieces.length) return this.#begin(this.#at + 1);
    this.#at = 0;
    this.#press++;
    this.#preview?.stream.close();
    this.#preview = null;
    void this.#loop.halt();
    this.#pause();
  }

  #failed(error: unknown): void {
    this.#press++;
    this.#preview?.stream.close();
    this.#preview = null;
    this.#pause();
    this.#trouble(error, null);
  }

  #trouble(error: unknown, retrySeconds: number | null): void {
    if (error === null) return this.#say("");
    const { kind, detail } = troubleOf(error, navigator.onLine, retrySeconds);
    this.#say(kind === "refused" && detail ? detail : say(kind));
  }

  /** Say what is wrong, or what plays when nothing is. */
  #say(trouble: string): void {
    write(this.#line, trouble || (this.#pieces[this.#at]?.querySelector(".t")?.textContent ?? ""));
  }

  #show(): void {
    const { sounding } = this.#loop;
    const [from, until] = sounding ? [sounding.start, sounding.end] : [0, 1];
    const now = sounding ? Math.min(Math.max(this.#audio.currentTime, from), until) : 0;
    const held = this.#loop.held.find(([begin, end]) => now >= begin - 0.1 && now <= end)?.[1] ?? now;
    const thread = this.#root.querySelector<HTMLElement>("[data-now=reach]")!;
    property(thread, "--lo", `${((now - from) / (until - from)) * 100}%`);
    property(thread, "--hi", `${((Math.min(held, until) - from) / (until - from)) * 100}%`);
    write(this.#root.querySelector("[data-now=remaining]")!, sounding ? clock(now - until) : "");
    const { playWord, pauseWord } = this.#toggle.dataset;
    draw(this.#toggle, this.#wanted ? "pause" : "play");
    mark(this.#toggle, "aria-label", (this.#wanted ? pauseWord : playWord) ?? null);
    mark(this.#toggle, "aria-busy", this.#wanted && this.#audio.readyState < 3 ? "true" : null);
    for (const [place, piece] of this.#pieces.entries()) mark(piece, "aria-current", this.#wanted && place === this.#at ? "true" : null);
  }
}

for (const root of document.querySelectorAll<HTMLElement>("[data-embed]")) new Embedded(root);

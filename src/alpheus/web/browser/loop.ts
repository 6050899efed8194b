/** The loop: fetch, decrypt, one SourceBuffer for the whole queue. Gapless and seeking to the sample.
 *
 * It appends only as much as `AHEAD_SECONDS` asks for and removes what lies `BEHIND_SECONDS` back, so the page holds
 * little at any time. What is measured and why each number is what it is: docs/protocol.md and timeline.ts.
 *
 * One worker runs at a time. Everything that changes its course (start, seek, a changed queue) ends it and begins
 * another from `#cursor`, which moves only when a segment is appended whole.
 */
import { open as openSegment } from "./cipher";
import type { Bytes } from "./bytes";
import { backoffMs, pause } from "./trouble";
import {
  DURATION_SECONDS, filledUntil, placed, sampleAt, segmentOf, segmentsOf, setupFor, soundingAt, timeOf,
  type Placement, type Track,
} from "./timeline";
import type { Release } from "./wire";

/** A segment is asked for when less than this lies ahead: as long as leaving an edge that fell silent takes, and a second.
 * With a segment more, and what lies behind, 17 s are held at most. */
export const AHEAD_SECONDS = 10;
export const BEHIND_SECONDS = 2;

/** Below this much music ahead a segment is appended while it arrives, not when it is whole. */
const HURRY_SECONDS = 1;

/** Smallest piece appended while hurrying: less costs more in calls than it saves in time. */
const PIECE_BYTES = 2048;

/** A body of which nothing more came for this long is dead, whatever its connection says: its segment is asked for anew. */
const SILENT_MS = 6_000;

/** Sooner than that somebody finds out whether the other side is still there. */
export const DOUBT_MS = 1_500;

const WATCH_MS = 1_000;

/** How long the element may starve beside a full buffer before the loop seeks anew: a hole, or evicted memory. */
const STARVED_MS = 1_500;

/** Starving so near to where it was mended last is starving there again: a new stream begins at a whole ms. */
const NEAR_SECONDS = 0.1;

/** A segment whose ciphertext has begun to arrive. */
export interface Arriving {
  readonly release: Release;
  readonly response: Response;
}

/** Where the loop gets what it plays. All waits may be given up by starting something else. */
export interface Supplier {
  /** The track at a place of the queue, once it is granted and described. */
  open(place: string): Promise<Track>;
  /** A segment's key and its ciphertext beginning to arrive, however often that must be tried. */
  segment(track: Track, segment: number, signal: AbortSignal): Promise<Arriving>;
  /** Nothing of a segment has come for `DOUBT_MS`. */
  doubt(): void;
  /** A whole segment came, in such a part of the time in which it sounds. */
  arrived(part: number): void;
  /** Which place follows by itself, or null when the music ends. */
  successor(place: string): string | null;
}

export interface LoopEvents {
  /** Another placement sounds. */
  onSounding(placement: Placement): void;
  /** Everything was heard to its end. */
  onEnd(): void;
  /** The loop gave up on something; it may be started again. */
  onFailure(error: unknown, placement: Placement | null): void;
}

interface Cursor {
  placement: Placement;
  segment: number;
}

/** Numbers about what the loop did, for the page and for tests. */
export interface LoopStats {
  joins: number;
  segments: number;
  bytes: number;
}

type Source = MediaSource & { streaming?: boolean };

/** iPhone has ManagedMediaSource only; elsewhere plain MediaSource is preferred, because it never evicts by itself. */
function sourceClass(): { new (): Source; isTypeSupported(type: string): boolean; managed: boolean } | null {
  const scope = globalThis as unknown as Record<string, unknown>;
  const found = (scope["MediaSource"] ?? scope["ManagedMediaSource"]) as ReturnType<typeof sourceClass>;
  if (!found) return null;
  return Object.assign(found, { managed: !scope["MediaSource"] });
}

export const isSupported = (): boolean => sourceClass() !== null;
export const canDecode = (mime: string): boolean => sourceClass()?.isTypeSupported(mime) ?? false;

/** Thrown inside a worker that has been replaced; never leaves this module. */
class Replaced extends Error {}

/** Thrown when a segment's body broke off or fell silent; never leaves this module. */
class Torn extends Error {}

export class Loop {
  readonly stats: LoopStats = { joins: 0, segments: 0, bytes: 0 };
  readonly #element: HTMLAudioElement;
  readonly #supplier: Supplier;
  readonly #events: LoopEvents;
  #source: Source | null = null;
  #buffer: SourceBuffer | null = null;
  #opened: Promise<void> = Promise.resolve();
  #mime = "";
  #placements: Placement[] = [];
  #cursor: Cursor | null = null;
  #sounding: Placement | null = null;
  #finished = false;
  #flight = new AbortController();
  #worker: Promise<void> = Promise.resolve();
  #wake: () => void = () => undefined;
  #starvedSince = 0;
  /** where it was mended last: there it starves again only when what comes holds nothing that can be decoded */
  #mended: { place: string; sample: number } | null = null;
  #joinTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(element: HTMLAudioElement, supplier: Supplier, events: LoopEvents) {
    this.#element = element;
    this.#supplier = supplier;
    this.#events = events;
    element.addEventListener("timeupdate", () => this.#watch());
    element.addEventListener("seeking", () => this.#wake());
    element.addEventListener("ended", () => this.#events.onEnd());
    // While music sounds its own events do; this is for when it starves.
    setInterval(() => this.#watch(), WATCH_MS);
  }

  get placements(): readonly Placement[] {
    return this.#placements;
  }

  get sounding(): Placement | null {
    return this.#sounding;
  }

  /** Seconds of music that lie ahead of what sounds. */
  get aheadSeconds(): number {
    return this.#cursor && this.#placements.length > 0 ? Math.max(this.#ahead(), 0) : 0;
  }

  /** What will be appended next: the stream's wants begin there. */
  get cursor(): Readonly<Cursor> | null {
    return this.#cursor;
  }

  /** All of the queue that is left has been appended. */
  get finished(): boolean {
    return this.#finished;
  }

  /** The sample that sounds, within its recording. */
  get sample(): number | null {
    return this.#sounding ? sampleAt(this.#sounding, this.#element.currentTime) : null;
  }

  /** Seconds into the recording that sounds. */
  get position(): number {
    return this.#sounding ? this.sample! / this.#sounding.track.rateHz : 0;
  }

  /** Ranges of the element's time held in memory. */
  get held(): [number, number][] {
    const ranges = this.#buffer && this.#source?.readyState !== "closed" ? this.#buffer.buffered : null;
    return Array.from({ length: ranges?.length ?? 0 }, (_, index) => [ranges!.start(index), ranges!.end(index)]);
  }

  /** Connect the element to a fresh source. Costs nothing when it is connected already. */
  attach(): void {
    const type = sourceClass();
    if (!type || (this.#source && this.#source.readyState !== "closed" && !this.#element.error)) return;
    const source = new type();
    this.#source = source;
    this.#buffer = null;
    this.#mime = "";
    this.#placements = [];
    this.#sounding = null;
    this.#element.disableRemotePlayback = true;
    const url = URL.createObjectURL(source);
    this.#opened = new Promise((resolve) => {
      source.addEventListener("sourceopen", () => {
        URL.revokeObjectURL(url);
        resolve();
      }, { once: true });
    });
    source.addEventListener("startstreaming", () => this.#wake());
    this.#element.src = url;
  }

  /** Silence at once: what was held is dropped. */
  async halt(): Promise<void> {
    if (!(await this.#replace())) return;
    this.#placements = [];
    this.#sounding = null;
    this.#cursor = null;
    await this.#empty();
  }

  /** Play a place of the queue from a position in seconds, on a timeline of its own. */
  async start(place: string, seconds: number): Promise<void> {
    if (!(await this.#replace())) return;
    const flight = this.#flight;
    this.#placements = [];
    this.#sounding = null;
    this.#cursor = null;
    this.#run(async () => {
      const track = await this.#unlessReplaced(flight, this.#supplier.open(place));
      const placement = placed(track, place, null);
      await this.#goTo(flight, placement, Math.round(seconds * track.rateHz));
    });
  }

  /** Play on from another sample of what sounds: at once when it is held, else from its segment. True when held. */
  async seek(seconds: number): Promise<boolean> {
    const placement = this.#sounding;
    if (!placement) return false;
    const sample = Math.round(seconds * placement.track.rateHz);
    if (this.holds(seconds)) {
      this.#element.currentTime = timeOf(placement, sample);
      return true;
    }
    if (!(await this.#replace())) return false;
    const flight = this.#flight;
    this.#run(() => this.#goTo(flight, placement, sample));
    return false;
  }

  /** Whether a second of what sounds is in memory, so that a seek to it leaves the worker at its work. */
  holds(seconds: number): boolean {
    const placement = this.#sounding;
    if (!placement) return false;
    const time = timeOf(placement, Math.round(seconds * placement.track.rateHz));
    return this.held.some(([from, until]) => time >= from && time < until - 0.05);
  }

  /** The queue changed after what sounds: drop what was appended of the old follower. */
  async revise(): Promise<void> {
    const { sounding } = this;
    if (!sounding || !this.#cursor) {
      this.#wake();
      return;
    }
    if (!(await this.#replace())) return;
    const flight = this.#flight;
    this.#finished = false;
    const [, last] = segmentsOf(sounding.track);
    if (this.#cursor.placement !== sounding) {
      this.#cursor = { placement: sounding, segment: last + 1 };
      this.#placements = [sounding];
      await this.#remove(sounding.end, Infinity);
    }
    this.#run(() => this.#work(flight));
  }

  /** Look again whether there is something to do. */
  wake(): void {
    this.#wake();
  }

  /** End the worker and wait until it has let go of the buffer. False when somebody else came in meanwhile. */
  async #replace(): Promise<boolean> {
    this.#flight.abort();
    this.#flight = new AbortController();
    const mine = this.#flight;
    this.#wake();
    await this.#worker;
    return this.#flight === mine;
  }

  #run(work: () => Promise<void>): void {
    const flight = this.#flight;
    this.#worker = work().catch((error: unknown) => {
      // What the element itself reports as an error is told by its own event.
      if (error instanceof Replaced || flight.signal.aborted || this.#element.error) return;
      this.#events.onFailure(error, this.#cursor?.placement ?? this.#sounding);
    });
  }

  #unlessReplaced<T>(flight: AbortController, waiting: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const replaced = (): void => reject(new Replaced());
      if (flight.signal.aborted) replaced();
      flight.signal.addEventListener("abort", replaced, { once: true });
      waiting.then(resolve, reject).finally(() => flight.signal.removeEventListener("abort", replaced));
    });
  }

  async #goTo(flight: AbortController, placement: Placement, sample: number): Promise<void> {
    const { track, window } = { track: placement.track, window: placement.track.window };
    this.#finished = false;
    this.#placements = [placement];
    this.#cursor = { placement, segment: segmentOf(track, Math.min(Math.max(sample, window[0]), window[1] - 1)) };
    // The first segment is on its way while the source opens and the buffer is emptied.
    const coming = this.#request(flight);
    await this.#unlessReplaced(flight, this.#opened);
    await this.#empty();
    this.#element.currentTime = timeOf(placement, sample);
    this.#setSounding(placement);
    await this.#work(flight, coming);
  }

  /** Ask for the cursor's segment. A failure is met where it is awaited. */
  #request(flight: AbortController): Promise<Arriving> {
    const { placement, segment } = this.#cursor!;
    const coming = this.#supplier.segment(placement.track, segment, flight.signal);
    coming.catch(() => undefined);
    return coming;
  }

  async #work(flight: AbortController, first: Promise<Arriving> | null = null): Promise<void> {
    let prepared: Placement | null = null;
    for (;;) {
      await this.#room(flight);
      const cursor = this.#cursor!;
      const [, last] = segmentsOf(cursor.placement.track);
      if (cursor.segment > last) {
        await this.#follow(flight, cursor.placement);
        continue;
      }
      const coming = first ?? this.#request(flight);
      first = null;
      if (prepared !== cursor.placement) {
        await this.#prepare(cursor.placement, prepared === null);
        prepared = cursor.placement;
      }
      await this.#appendWhole(flight, coming);
      this.stats.segments++;
      cursor.segment++;
    }
  }

  /** Wait until there is room for another segment and the platform wants one. */
  async #room(flight: AbortController): Promise<void> {
    for (;;) {
      if (flight.signal.aborted) throw new Replaced();
      if (this.#ahead() < AHEAD_SECONDS && this.#source?.streaming !== false) return;
      await this.#sleep();
    }
  }

  #ahead(): number {
    const { placement, segment } = this.#cursor!;
    const [first] = segmentsOf(placement.track);
    const filled = segment === first ? placement.start : filledUntil(placement, segment - 1);
    // Firefox reports 0 during its first seek: nothing before the first placement counts.
    return filled - Math.max(this.#element.currentTime, this.#placements[0]!.start);
  }

  #sleep(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Go on with the follower, or end and wait for one. */
  async #follow(flight: AbortController, before: Placement): Promise<void> {
    const place = this.#supplier.successor(before.place);
    if (place === null) {
      if (!this.#finished) {
        this.#finished = true;
        await this.#idle();
        if (this.#source!.readyState === "open") this.#source!.endOfStream();
      }
      await this.#sleep();
      if (flight.signal.aborted) throw new Replaced();
      return;
    }
    this.#finished = false;
    const track = await this.#unlessReplaced(flight, this.#supplier.open(place));
    const placement = placed(track, place, before);
    this.#placements = [...this.#placements.filter((it) => it.end > this.#element.currentTime - BEHIND_SECONDS), placement];
    this.#cursor = { placement, segment: segmentsOf(track)[0] };
  }

  /** Tell the buffer where a placement lies, and what its media is. Each part of the recipe failed when left out. */
  async #prepare(placement: Placement, afresh: boolean): Promise<void> {
    const { track } = placement;
    const buffer = await this.#bufferFor(track.mime);
    const setup = setupFor(placement);
    // Leaves the parser ready for an initialisation segment, when a worker before was cut off inside a segment.
    if (afresh && this.#source!.readyState === "open") buffer.abort();
    buffer.appendWindowStart = 0;
    buffer.appendWindowEnd = Infinity;
    buffer.appendWindowStart = setup.windowStart;
    buffer.appendWindowEnd = setup.windowEnd;
    buffer.timestampOffset = setup.timestampOffset;
    this.#stretch();
    await this.#put(track.init);
  }

  async #bufferFor(mime: string): Promise<SourceBuffer> {
    if (!this.#buffer) {
      this.#buffer = this.#source!.addSourceBuffer(mime);
      this.#mime = mime;
      return this.#buffer;
    }
    await this.#idle();
    if (this.#mime !== mime) {
      this.#buffer.changeType(mime);
      this.#mime = mime;
    }
    return this.#buffer;
  }

  /** Append the cursor's segment, however often its body breaks off on the way. */
  async #appendWhole(flight: AbortController, coming: Promise<Arriving>): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#append(flight, await this.#unlessReplaced(flight, coming));
      } catch (error) {
        if (!(error instanceof Torn)) throw error;
        await pause(backoffMs(attempt), flight.signal);
        if (flight.signal.aborted) throw new Replaced();
        // The parser may stand in the middle of a box.
        await this.#prepare(this.#cursor!.placement, true);
        coming = this.#request(flight);
      }
    }
  }

  /** Decrypt and append one segment; piece by piece while little is ahead. */
  async #append(flight: AbortController, { release, response }: Arriving): Promise<void> {
    const { segmentSamples, rateHz } = this.#cursor!.placement.track; // now: whoever starts something else takes the cursor away
    const opening = await openSegment(release.key, release.iv);
    // Before it, not after: what was heard during an outage would lie beside a whole segment more.
    await this.#tidy();
    const reader = response.body!.getReader();
    let waiting: Bytes[] = [];
    let [size, waitedMs] = [0, 0];
    for (;;) {
      const askedAt = performance.now();
      const piece = await nextOf(reader, () => this.#supplier.doubt());
      waitedMs += performance.now() - askedAt;
      if (!piece) break;
      waiting.push(piece);
      size += piece.length;
      if (size < PIECE_BYTES || this.#ahead() >= HURRY_SECONDS) continue;
      await this.#putUnless(flight, await opening.push(joinedAll(waiting)));
      waiting = [];
      size = 0;
    }
    await this.#putUnless(flight, joinedAll([await opening.push(joinedAll(waiting)), await opening.finish()]));
    this.#supplier.arrived((waitedMs * rateHz) / segmentSamples / 1000);
  }

  async #putUnless(flight: AbortController, bytes: Bytes): Promise<void> {
    if (flight.signal.aborted) throw new Replaced();
    if (bytes.length === 0) return;
    this.stats.bytes += bytes.length;
    await this.#put(bytes);
  }

  /** Append; when memory is full, give up what was heard and try again. */
  async #put(bytes: Bytes): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      await this.#idle();
      try {
        this.#buffer!.appendBuffer(bytes);
        await this.#idle();
        return;
      } catch (error) {
        if (!(error instanceof DOMException) || error.name !== "QuotaExceededError" || attempt > 20) throw error;
        await this.#remove(0, this.#element.currentTime - 0.5);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  }

  /** Give up what lies far enough behind. */
  async #tidy(): Promise<void> {
    const [first] = this.held;
    const until = this.#element.currentTime - BEHIND_SECONDS;
    if (first && until - first[0] > 1) await this.#remove(0, until);
  }

  async #empty(): Promise<void> {
    if (!this.#buffer || this.#source?.readyState === "closed") return;
    if (this.#source?.readyState === "open") {
      try {
        this.#buffer.abort(); // Also ends an append that is under way.
      } catch {
        // A removal is under way: nothing ends that, and the next waits for it.
      }
    }
    await this.#remove(0, Infinity);
    this.#stretch();
  }

  /** A source that ended has the duration of what it held; seeks would be clamped to that. */
  #stretch(): void {
    const source = this.#source;
    const needed = Math.max(DURATION_SECONDS, 2 * (this.#placements.at(-1)?.end ?? 0));
    if (source?.readyState === "open" && this.#buffer && !(source.duration >= needed)) source.duration = needed;
  }

  async #remove(from: number, until: number): Promise<void> {
    await this.#idle();
    if (!this.#buffer || this.#source?.readyState === "closed" || until <= from) return;
    this.#buffer.remove(Math.max(from, 0), until);
    await this.#idle();
  }

  /** Until the buffer has done what it was told. Throws what the element says when it could not decode. */
  #idle(): Promise<void> {
    const buffer = this.#buffer;
    if (this.#element.error) return Promise.reject(this.#element.error as unknown as Error);
    if (!buffer?.updating) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const done = (): void => {
        buffer.removeEventListener("updateend", done);
        this.#element.removeEventListener("error", failed);
        resolve();
      };
      const failed = (): void => {
        buffer.removeEventListener("updateend", done);
        reject((this.#element.error as unknown as Error) ?? new Error("the media element failed"));
      };
      buffer.addEventListener("updateend", done);
      this.#element.addEventListener("error", failed, { once: true });
    });
  }

  #setSounding(placement: Placement): void {
    if (this.#sounding === placement) return;
    this.#sounding = placement;
    this.#events.onSounding(placement);
  }

  /** Called some times a second: notices joins, room, and an element that starves beside a full buffer. */
  #watch(): void {
    const sounding = soundingAt(this.#placements, this.#element.currentTime);
    if (sounding && this.#sounding && sounding !== this.#sounding) {
      this.stats.joins++;
      this.#setSounding(sounding);
    }
    this.#expectJoin();
    if (this.#cursor) this.#wake();
    this.#mend();
  }

  /** Be there when the next one begins to sound: its loudness and name change with it. */
  #expectJoin(): void {
    clearTimeout(this.#joinTimer);
    const now = this.#element.currentTime;
    const next = this.#placements.find((placement) => placement.start > now);
    const ms = next && !this.#element.paused ? (next.start - now) * 1000 : Infinity;
    if (ms < 400) this.#joinTimer = setTimeout(() => this.#watch(), ms + 2);
  }

  #mend(): void {
    const element = this.#element;
    const now = element.currentTime;
    const holds = this.held.some(([from, until]) => now > from - NEAR_SECONDS && now < until);
    // A seek to where nothing could be decoded lasts for ever.
    const starving = !element.paused && !(element.seeking && holds) && element.readyState < 3 && this.#sounding !== null;
    if (!starving || !this.#cursor || this.#ahead() < 2) {
      this.#starvedSince = 0;
      return;
    }
    this.#starvedSince ||= performance.now();
    if (performance.now() - this.#starvedSince < STARVED_MS) return;
    this.#starvedSince = 0;
    const [placement, sample] = [this.#sounding!, this.sample!];
    const before = this.#mended;
    this.#mended = { place: placement.place, sample };
    if (!holds && before?.place === placement.place && Math.abs(before.sample - sample) < NEAR_SECONDS * placement.track.rateHz)
      return this.#events.onFailure(new DOMException("nothing of what came can be decoded", "DataError"), placement);
    void this.#replace().then((mine) => {
      const flight = this.#flight;
      if (mine) this.#run(() => this.#goTo(flight, placement, sample));
    });
  }
}

/** The next piece of a body, or null at its end. */
async function nextOf(reader: ReadableStreamDefaultReader<Uint8Array>, doubt: () => void): Promise<Bytes | null> {
  const doubting = setTimeout(doubt, DOUBT_MS);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silent = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, SILENT_MS, new Torn());
  });
  try {
    const { value, done } = await Promise.race([reader.read(), silent]);
    return done ? null : (value as Bytes);
  } catch {
    reader.cancel().catch(() => undefined);
    throw new Torn();
  } finally {
    clearTimeout(timer);
    clearTimeout(doubting);
  }
}

function joinedAll(parts: readonly Bytes[]): Bytes {
  if (parts.length === 1) return parts[0]!;
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

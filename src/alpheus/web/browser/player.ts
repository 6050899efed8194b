/** The player: what the listener asks for, carried out by queue, loop, stream and session.
 *
 * It owns no pixels. Whoever shows it reads its properties and listens to `onChange`.
 */
import { claimsOf, fromBase64 } from "./bytes";
import { EdgeStream, isElsewhere, type From, type Plan } from "./edge";
import { canDecode, isSupported, Loop, type Arriving } from "./loop";
import { basisOf, elementVolume, gainDb } from "./loudness";
import * as queues from "./queue";
import type { Queue, Repeat } from "./queue";
import type { Session } from "./session";
import { load } from "./strategies/load";
import { filledUntil, segmentsOf, type Placement, type Track } from "./timeline";
import { backoffMs, fetchBegun, pause, refusalOf, Refused, tellAnswered, troubleOf, Unreachable, type Trouble } from "./trouble";
import { plain, type BatchAnswer, type Gid, type GrantWire, type PlayWire, type RecordingWire, type Release, type Want } from "./wire";

/** How many recordings that follow are granted ahead, so that joins need no question to web. */
const GRANTED_AHEAD = 3;

/** How many of them the stream may release parts of. */
const WANTED_AHEAD = 2;

/** Music whose keys are asked for ahead of the playhead: the gate's lead. */
const RELEASED_SECONDS = 20;

/** The same just after a jump: seeks cost of a budget, so they ask for no more than they play until the next report. */
const RELEASED_AFTER_JUMP_SECONDS = 8;
const JUMP_MS = 3_000;

/** Less than this is not asked for by itself: it waits for the next report. */
const WORTH_SECONDS = 2;

/** A segment's length, to find where a preview begins before its track is described. 48 kHz has 4,011 ms; previews
 * lie on the segments' grid, so the difference of a few ms a segment matters only beyond the 200th. */
const SEGMENT_MS = 3_993.87;

/** A segment of which nothing has come after this long is asked for again. */
const BEGUN_MS = 8_000;

/** A grant is renewed when it has less than this left. */
const RENEW_MS = 150_000;
/** Grants that web takes back in one request. */
const CANCELLED_AT_ONCE = 50;

/** "Previous" within these first seconds goes back one piece; later, to the start of this one. */
const RESTART_SECONDS = 3;

/** How often the position is kept in the cloud while music sounds. */
const SAVE_MS = 30_000;
const SETTLED_MS = 1_500;

/** A decoder that fails again so soon on the same piece is not asked a third time. */
const DECODER_MS = 10_000;

/** Streams that end faster than this one after another are begun anew ever more slowly. */
const STEADY_MS = 20_000;

export type State = "empty" | "starting" | "playing" | "paused" | "ended";

interface Grant {
  readonly id: string;
  readonly preview: boolean;
  readonly renditions: readonly string[];
  /** the first segment that may be heard, as far as it is known before the track is described */
  readonly firstSegment: number;
  /** by this page's own clock */
  readonly expiresAt: number;
}

export interface Preferences {
  volume: number;
  muted: boolean;
  rendition: string;
}

export class Player {
  readonly element: HTMLAudioElement;
  readonly session: Session;
  readonly loop: Loop;
  readonly #preferences: Preferences;
  readonly #listeners = new Set<() => void>();
  readonly #grants = new Map<Gid, Grant>();
  /** recordings that were refused in this queue: passed over */
  readonly #refusedGids = new Set<Gid>();
  #queue: Queue = queues.queueOf([], 0);
  #stream: EdgeStream | null = null;
  #reviving: Promise<void> | null = null;
  #revivedAt = -Infinity;
  #revivals = 0;
  #state: State = "empty";
  #trouble: Trouble | null = null;
  /** counts presses of play: an answer to an older one is dropped */
  #press = 0;
  /** where to begin in the queue when there is no stream yet */
  #resumeMs = 0;
  /** the place that is being opened while nothing sounds */
  #opening: number | null = null;
  #jumpedAt = -Infinity;
  /** the playhead as it was before a jump: reported once, so that what was heard counts */
  #left: Plan["at"] = null;
  #failedAt = -Infinity;
  #telling = false;
  #saveTimer: ReturnType<typeof setTimeout> | undefined;
  #pausedByListener = false;
  #frozen = false;

  constructor(element: HTMLAudioElement, session: Session, preferences: Preferences) {
    this.element = element;
    this.session = session;
    this.#preferences = preferences;
    this.loop = new Loop(element, this.#supplier(), {
      onSounding: (placement) => this.#sounding(placement),
      onEnd: () => this.#ended(),
      onFailure: (error, placement) => this.#failed(error, placement),
    });
    element.addEventListener("playing", () => this.#set("playing"));
    element.addEventListener("pause", () => {
      if (this.#state === "playing" && !element.ended) this.#set("paused");
    });
    element.addEventListener("waiting", () => this.#changed());
    element.addEventListener("error", () => this.#failed(element.error, this.loop.sounding));
    setInterval(() => this.#renewSoon(), 20_000);
    setInterval(() => {
      if (this.#state === "playing") this.#save();
    }, SAVE_MS);
    this.#applyVolume();
  }

  // What is shown

  get state(): State {
    return this.#state;
  }

  get queue(): Queue {
    return this.#queue;
  }

  /** The recording that sounds or would, or null when nothing was chosen yet. */
  get gid(): Gid | null {
    return queues.current(this.#queue);
  }

  get recording(): RecordingWire | null {
    return this.gid ? this.session.known(this.gid) : null;
  }

  get preview(): boolean {
    return this.gid ? (this.#grants.get(this.gid)?.preview ?? false) : false;
  }

  /** What is wrong, when the listener should know: music that still sounds needs no word about the network. */
  get trouble(): Trouble | null {
    const passing = this.#trouble?.retrySeconds !== null;
    return passing && this.#state === "playing" && !this.starving ? null : this.#trouble;
  }

  /** The element wants to sound and has nothing to sound. */
  get starving(): boolean {
    return !this.element.paused && this.element.readyState < 3;
  }

  /** Seconds into the recording. */
  get position(): number {
    return this.loop.sounding ? this.loop.position : this.#resumeMs / 1000;
  }

  get duration(): number {
    const track = this.loop.sounding?.track;
    return track ? track.samples / track.rateHz : (this.recording?.duration_ms ?? 0) / 1000;
  }

  /** What of this recording is in memory, in its own seconds. */
  get held(): readonly [number, number] | null {
    const sounding = this.loop.sounding;
    if (!sounding) return null;
    const now = this.element.currentTime;
    const range = this.loop.held.find(([from, until]) => now >= from - 0.1 && now <= until + 0.1);
    if (!range) return null;
    return [Math.max(range[0] - sounding.origin, 0), Math.min(range[1] - sounding.origin, this.duration)];
  }

  get volume(): number {
    return this.#preferences.volume;
  }

  get muted(): boolean {
    return this.#preferences.muted;
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  // What the listener asks for

  /** Play a queue from a place. Call it in the listener's press. */
  play(items: readonly Gid[], index: number, positionMs = 0): void {
    const { shuffle, repeat } = this.#queue;
    this.#refusedGids.clear();
    this.#begin(queues.queueOf(items.map(plain), index, { shuffle, repeat }), positionMs);
  }

  /** Show a queue without a sound, as the cloud kept it. */
  restore(items: readonly Gid[], index: number, positionMs: number, repeat: Repeat): void {
    if (this.#state !== "empty" || items.length === 0) return;
    this.#queue = queues.queueOf(items.map(plain), index, { repeat });
    this.#resumeMs = positionMs;
    this.#set("paused");
    if (this.gid) void this.session.recording(this.gid).then(() => this.#changed());
  }

  toggle(): void {
    if (this.#state === "empty") return;
    if (this.#state === "playing" || this.#state === "starting") this.pause();
    else this.resume();
  }

  pause(): void {
    this.#pausedByListener = true;
    this.element.pause();
    this.#set("paused");
    this.#save();
    this.#stream?.report();
  }

  resume(): void {
    if (this.#queue.items.length === 0) return;
    this.#pausedByListener = false;
    if (this.#state === "ended") return this.jump(this.#queue.at);
    if (!this.loop.sounding && this.#opening === null) return this.#begin(this.#queue, this.#resumeMs);
    this.#sound();
  }

  next(): void {
    const place = this.#playable(queues.nextPlace(this.#queue), 1);
    if (place !== null) this.jump(place);
  }

  previous(): void {
    const place = queues.previousPlace(this.#queue);
    if (this.position > RESTART_SECONDS || place === null) this.seek(0);
    else this.jump(place);
  }

  /** Play another place of the queue from its start. */
  jump(place: number): void {
    const queue = queues.movedTo(this.#queue, place);
    const gid = queues.current(queue);
    const stream = this.#stream;
    if (!gid || !stream || stream.closed || !this.#isGranted(gid)) return this.#begin(queue, 0);
    this.#press++;
    this.#pausedByListener = false;
    this.#leave();
    this.#queue = queue;
    this.#opening = queue.at;
    this.#set("starting");
    this.#sound();
    stream.abandon();
    void this.loop.start(queue.at, 0);
  }

  /** Go to a second of what sounds. */
  seek(seconds: number): void {
    const within = Math.min(Math.max(seconds, 0), this.duration);
    if (!this.loop.sounding) {
      this.#resumeMs = within * 1000;
      return this.#changed();
    }
    this.#leave();
    // Within what is held the loop goes on waiting for its next segment: nobody may take that from it.
    if (!this.loop.holds(within)) this.#stream?.abandon();
    const wasEnded = this.#state === "ended";
    void this.loop.seek(within).then((held) => {
      // Elsewhere the loop asks for its segment, and the report goes with that.
      if (held) this.#stream?.report();
      this.#saveSoon();
      this.#changed();
    });
    if (wasEnded) {
      this.#set("paused");
      this.resume();
    }
  }

  setShuffle(shuffle: boolean): void {
    this.#edit(queues.withShuffle(this.#queue, shuffle));
  }

  setRepeat(repeat: Repeat): void {
    this.#edit(queues.withRepeat(this.#queue, repeat));
  }

  insertNext(items: readonly Gid[]): void {
    if (this.#queue.items.length === 0) this.play(items, 0);
    else this.#edit(queues.insertedNext(this.#queue, items.map(plain)));
  }

  append(items: readonly Gid[]): void {
    if (this.#queue.items.length === 0) this.play(items, 0);
    else this.#edit(queues.appended(this.#queue, items.map(plain)));
  }

  remove(place: number): void {
    if (place !== this.#queue.at) this.#edit(queues.removed(this.#queue, place));
  }

  setVolume(volume: number): void {
    this.#preferences.volume = Math.min(Math.max(volume, 0), 1);
    this.#preferences.muted = false;
    this.#applyVolume();
    this.#changed();
  }

  setMuted(muted: boolean): void {
    this.#preferences.muted = muted;
    this.#applyVolume();
    this.#changed();
  }

  /** The page is going away: tell the edge what was heard and the cloud where we are. */
  leave(): void {
    this.#save();
    this.#stream?.close();
  }

  /** The page came back from the browser's memory: its stream was ended when it left. */
  return(): void {
    if (this.#stream?.closed && this.#state !== "empty") void this.#revive(new Unreachable()).catch(() => undefined);
  }

  /** The browser froze the page and pauses what sounds; what wanted to sound is to go on when it thaws. */
  freeze(): void {
    this.#frozen = this.#state === "playing" || this.#state === "starting";
  }

  thaw(): void {
    if (this.#frozen && this.element.paused) this.resume();
    this.#frozen = false;
  }

  // Beginning

  #begin(queue: Queue, positionMs: number): void {
    if (!isSupported()) return this.#setTrouble({ kind: "unsupported", detail: "", retrySeconds: null });
    const press = ++this.#press;
    this.#pausedByListener = false;
    this.#stream?.close();
    this.#stream = null;
    this.#reviving = null; // of what was playing: its failure is none of this one's
    this.#grants.clear();
    this.#queue = queue;
    this.#resumeMs = positionMs;
    this.#opening = queue.at;
    this.#left = null;
    this.#trouble = null;
    this.#jumpedAt = performance.now();
    this.loop.attach();
    const silent = this.loop.halt();
    this.#set("starting");
    this.#sound();
    void this.#open(press, queue, positionMs, silent);
  }

  async #open(press: number, queue: Queue, positionMs: number, silent: Promise<void>): Promise<void> {
    try {
      const answer = await this.#ask(queue, positionMs, () => press === this.#press);
      if (!answer) return;
      await this.#connect(answer);
      await silent;
      if (press === this.#press) await this.loop.start(queue.at, positionMs / 1000);
    } catch (error) {
      if (press === this.#press) this.#failed(error, null);
    }
  }

  /** Ask web until it answers or the listener wants something else. */
  async #ask(queue: Queue, positionMs: number, still: () => boolean, from?: From): Promise<PlayWire | null> {
    const continues = from && { stream: this.#streamId, sequence: from.answered };
    for (let attempt = 0; still(); attempt++) {
      try {
        const answer = await this.session.play({
          queue: queues.inOrder(queue),
          index: queue.at,
          positionMs,
          rendition: this.#preferences.rendition,
          continues,
        });
        if (!still()) return null;
        this.#setTrouble(null);
        return answer;
      } catch (error) {
        if (!still()) return null;
        const passing = !(error instanceof Refused) || error.status >= 500 || error.status === 429 || error.code === "not_ready";
        if (!passing) throw error;
        const waitMs = Math.max(backoffMs(attempt), error instanceof Refused ? (error.waitSeconds ?? 0) * 1000 : 0);
        this.#setTrouble(troubleOf(error, navigator.onLine, waitMs / 1000));
        await pause(waitMs);
      }
    }
    return null;
  }

  async #connect(answer: PlayWire, from?: From): Promise<void> {
    const stream = new EdgeStream({
      url: answer.edge.replace(/\/$/, ""),
      stream: answer.stream,
      from: answer.stream === this.#streamId ? from : undefined,
      strategy: load,
      plan: () => this.#plan(stream),
      onTrouble: (error, retrySeconds) => {
        if (this.#stream !== stream) return;
        // Also when nothing more is needed of it: what sounds is still to be reported.
        if (stream.closed && isElsewhere(error) && this.#state === "playing") void this.#revive(error).catch(() => undefined);
        if (error === null || retrySeconds === null) this.#clearPassing();
        else this.#setTrouble(troubleOf(error, navigator.onLine, retrySeconds));
      },
      renew: (grants) => this.#renew(stream, answer.stream, grants),
    });
    this.#grants.clear();
    this.#stream = stream;
    this.#streamId = answer.stream;
    this.#spent = [];
    this.#admit(answer.grants);
    if (answer.batch) await stream.begin(answer.batch as BatchAnswer, answer.grants.map((grant) => grant.id));
  }

  #streamId = "";
  /** Grants of this stream that are no longer needed and were not given back, the latest last. */
  #spent: string[] = [];

  #admit(grants: readonly GrantWire[]): void {
    for (const { id, token, recording, preview, window_ms } of grants) {
      const { lifetimeMs, renditions } = claimsOf(token);
      const firstSegment = Math.floor(((window_ms?.[0] ?? 0) + 1) / SEGMENT_MS);
      this.#grants.set(plain(recording), { id, preview, renditions, firstSegment, expiresAt: Date.now() + lifetimeMs });
      this.#stream?.admit(id, token);
    }
  }

  #sound(): void {
    this.#pausedByListener = false;
    this.element.play().then(
      () => {
        if (this.#trouble?.kind === "blocked") this.#setTrouble(null);
      },
      (error: unknown) => {
        if (!(error instanceof DOMException) || error.name !== "NotAllowedError") return;
        this.#set("paused");
        this.#setTrouble({ kind: "blocked", detail: "", retrySeconds: null });
      },
    );
  }

  // What the loop asks for

  #supplier(): ConstructorParameters<typeof Loop>[1] {
    return {
      open: (place) => this.#openTrack(place),
      segment: (track, segment, signal) => this.#segment(track, segment, signal),
      successor: (place) => this.#playable(queues.successor(this.#queue, place), 1),
    };
  }

  /** The place, or the nearest after it that was not refused; null when there is none. */
  #playable(place: number | null, step: number): number | null {
    for (let tried = 0; place !== null && tried < this.#queue.order.length; tried++) {
      if (!this.#refusedGids.has(queues.itemAt(this.#queue, place) ?? "")) return place;
      place = queues.successor({ ...this.#queue, repeat: this.#queue.repeat === "one" ? "off" : this.#queue.repeat }, place + step - 1);
    }
    return null;
  }

  async #openTrack(place: number): Promise<Track> {
    const gid = queues.itemAt(this.#queue, place);
    if (!gid) throw new Refused(404, "not_in_queue", "");
    this.#opening = place;
    const track = await this.#trying(async (stream) => stream.described((await this.#grantFor(gid)).id));
    if (!canDecode(track.mime)) throw new DOMException(track.mime, "NotSupportedError");
    return track;
  }

  async #segment(track: Track, segment: number, signal: AbortSignal): Promise<Arriving> {
    for (let attempt = 0; ; attempt++) {
      const release = await this.#trying(async (stream) => {
        const grant = await this.#grantFor(track.recording);
        return stream.take({ grant: grant.id, rendition: track.rendition, segment });
      });
      signal.throwIfAborted();
      const response = await this.#fetch(release, signal);
      if (response) return { release, response };
      // The name's epoch or token was over: the stream gives a new one.
      this.#stream?.forget(release);
      if (attempt > 5) throw new Refused(410, "segment_gone", "");
      if (attempt > 0) await pause(backoffMs(attempt), signal);
      signal.throwIfAborted();
    }
  }

  /** A segment's ciphertext; null when its name must be asked for anew. */
  async #fetch(release: Release, signal: AbortSignal): Promise<Response | null> {
    const stream = this.#stream;
    for (let attempt = 0; stream; attempt++) {
      let error: unknown = new Unreachable();
      try {
        const response = await fetchBegun(stream.address(release), { signal, cache: "no-store", credentials: "omit" }, BEGUN_MS);
        if (response.ok) {
          if (attempt > 0) {
            this.#clearPassing();
            tellAnswered();
          }
          return response;
        }
        error = await refusalOf(response);
        if (response.status < 500) return null;
      } catch {
        signal.throwIfAborted();
        stream.check();
      }
      // What is damaged stays so, also when it was read once more.
      if (error instanceof Refused && error.code === "segment_corrupt" && attempt > 0) throw error;
      const waitMs = backoffMs(attempt);
      this.#setTrouble(troubleOf(error, navigator.onLine, waitMs / 1000));
      await pause(waitMs, signal);
      signal.throwIfAborted();
      if (this.#stream !== stream || stream.closed) return null;
    }
    return null;
  }

  /** Do something with the stream; when the stream itself has ended, begin a new one and do it again. */
  async #trying<T>(work: (stream: EdgeStream) => Promise<T>): Promise<T> {
    const press = this.#press;
    for (let attempt = 0; ; attempt++) {
      if (this.#reviving) await this.#reviving;
      const stream = this.#stream;
      try {
        if (!stream) throw new Unreachable();
        return await work(stream);
      } catch (error) {
        if (error instanceof Refused && error.code === "stream_ended") stream?.fail(error);
        const lost = this.#stream !== stream || stream === null || stream.closed;
        if (!lost || (attempt >= 3 && !isElsewhere(error)) || press !== this.#press) throw error;
        await this.#revive(error);
      }
    }
  }

  /** A new stream at the same place, under music that goes on: the edge forgot this one, or its grants were over. */
  #revive(cause: unknown): Promise<void> {
    if (this.#reviving) return this.#reviving;
    const press = this.#press;
    const still = (): boolean => press === this.#press;
    const from = this.#stream?.from;
    const reviving = this.#calm()
      .then(() => this.#ask(this.#queue, this.position * 1000, still, from))
      .then((answer) => {
        if (!answer) throw cause;
        return this.#connect(answer, from);
      })
      .finally(() => {
        if (this.#reviving === reviving) this.#reviving = null;
      });
    this.#reviving = reviving;
    return reviving;
  }

  /** At once the first time; a house whose edges come and go is not asked faster than it can answer. */
  #calm(): Promise<void> {
    this.#revivals = performance.now() - this.#revivedAt < STEADY_MS ? this.#revivals + 1 : 0;
    this.#revivedAt = performance.now();
    return this.#revivals === 0 ? Promise.resolve() : pause(backoffMs(this.#revivals));
  }

  #plan(stream: EdgeStream): Plan {
    const at = this.#left ?? this.#at();
    this.#left = null;
    const moving = this.#state === "playing";
    const none = { at, want: [], aheadSeconds: 0, moving };
    if (this.#stream !== stream) return none;
    const { wants, reach } = this.#wants(stream);
    const goal = performance.now() - this.#jumpedAt < JUMP_MS ? RELEASED_AFTER_JUMP_SECONDS : RELEASED_SECONDS;
    // Who waits is in need, whatever the sums say: during a seek they are made of old times.
    const aheadSeconds = Math.max(goal - Math.max(reach, 0), stream.waiting ? RELEASED_AFTER_JUMP_SECONDS : 0);
    return aheadSeconds < WORTH_SECONDS ? none : { at, want: wants, aheadSeconds, moving };
  }

  #at(): Plan["at"] {
    const sounding = this.loop.sounding;
    const grant = sounding && this.#grants.get(plain(sounding.track.recording));
    return sounding && grant ? { grant: grant.id, sample: this.loop.sample! } : null;
  }

  /** What is needed next, in order of play: of each piece, the first segment whose key is not here; and for how many
   * seconds from now keys are here. */
  #wants(stream: EdgeStream): { wants: Want[]; reach: number } {
    const wants: Want[] = [];
    const { cursor } = this.loop;
    let place: number | null = this.#opening ?? this.#queue.at;
    let reach = 0;
    if (cursor) {
      const { placement, segment } = cursor;
      const missing = this.#missing(stream, placement.track, segment);
      if (missing !== null) this.#want(wants, placement.track.recording, placement.track.rendition, missing);
      reach = filledUntil(placement, (missing ?? placement.track.segments) - 1) - this.element.currentTime;
      place = this.#playable(queues.successor(this.#queue, placement.place), 1);
    }
    for (let count = 0; place !== null && count <= WANTED_AHEAD; count++) {
      const gid: Gid | null = queues.itemAt(this.#queue, place);
      const held = gid ? this.#wantFollower(wants, stream, gid) : 0;
      if (wants.length === 0) reach += held;
      place = this.#playable(queues.successor(this.#queue, place), 1);
    }
    return { wants: wants.filter((want, index) => wants.findIndex((it) => it.grant === want.grant) === index), reach };
  }

  /** Want what is missing of a piece that is not begun. Returns how many seconds of it are held whole. */
  #wantFollower(wants: Want[], stream: EdgeStream, gid: Gid): number {
    const grant = this.#grants.get(gid);
    if (!grant) return 0;
    const track = stream.track(grant.id);
    if (!track) {
      this.#want(wants, gid, this.#renditionOf(grant), grant.firstSegment);
      return 0;
    }
    const missing = this.#missing(stream, track, segmentsOf(track)[0]);
    if (missing === null) return (track.window[1] - track.window[0]) / track.rateHz;
    this.#want(wants, gid, track.rendition, missing);
    return 0;
  }

  #want(wants: Want[], recording: Gid, rendition: string, segment: number): void {
    const grant = this.#grants.get(plain(recording));
    if (grant) wants.push({ grant: grant.id, rendition, segment });
  }

  /** The first segment from `from` on whose key is not here; null when all are. */
  #missing(stream: EdgeStream, track: Track, from: number): number | null {
    const grant = this.#grants.get(plain(track.recording));
    const [, last] = segmentsOf(track);
    for (let segment = from; grant && segment <= last; segment++)
      if (!stream.holds(grant.id, track.rendition, segment)) return segment;
    return null;
  }

  #renditionOf(grant: Grant): string {
    const wish = [this.#preferences.rendition, "aac-128", "aac-64", "aac-256", "flac"];
    return wish.find((name) => grant.renditions.includes(name)) ?? this.#preferences.rendition;
  }

  // Grants

  #isGranted(gid: Gid): boolean {
    return (this.#grants.get(gid)?.expiresAt ?? 0) > Date.now() + 5_000;
  }

  async #grantFor(gid: Gid): Promise<Grant> {
    const held = this.#grants.get(plain(gid));
    if (held) return held;
    await this.#grantMore([plain(gid)]);
    const granted = this.#grants.get(plain(gid));
    if (!granted) throw new Refused(403, "not_granted", "");
    return granted;
  }

  async #grantMore(gids: readonly Gid[]): Promise<void> {
    const stream = this.#streamId;
    let grants;
    try {
      grants = await this.session.grants(stream, gids, []);
    } catch (error) {
      // Who skips through a long queue leaves grants behind that hold for minutes; they are given back when they are in the way.
      if (!(error instanceof Refused) || error.code !== "too_many_grants") throw error;
      const spent = this.#spent.splice(-CANCELLED_AT_ONCE);
      // Given back they are, even when the edge does not confirm it.
      await this.session.cancel(stream, spent).catch(() => undefined);
      grants = await this.session.grants(stream, gids, []);
    }
    if (stream === this.#streamId) this.#admit(grants);
  }

  /** Have the next few of the queue granted before they are needed. */
  #grantAhead(): void {
    const gids = queues.upcoming(this.#queue, GRANTED_AHEAD).map((place) => queues.itemAt(this.#queue, place)!);
    const missing = [...new Set(gids)].filter((gid) => !this.#grants.has(gid) && !this.#refusedGids.has(gid));
    this.#forgetBehind(new Set([...gids, this.gid, queues.itemAt(this.#queue, this.#queue.at - 1)]));
    // What fails here is asked for again when it is needed.
    if (missing.length > 0 && this.#stream) void this.#grantMore(missing).catch(() => undefined);
    for (const gid of gids) void this.session.recording(gid);
  }

  #forgetBehind(needed: ReadonlySet<Gid | null>): void {
    if (this.#opening !== null) needed = new Set([...needed, queues.itemAt(this.#queue, this.#opening)]);
    for (const [gid, grant] of this.#grants) {
      if (needed.has(gid)) continue;
      this.#grants.delete(gid);
      this.#spent.push(grant.id);
    }
    this.#stream?.keepOnly(new Set([...this.#grants.values()].map((grant) => grant.id)));
  }

  async #renew(stream: EdgeStream, id: string, grants: readonly string[]): Promise<void> {
    const renewed = await this.session.grants(id, [], grants);
    if (this.#stream !== stream) return;
    this.#admit(renewed);
    const kept = new Set(renewed.map((grant) => grant.id));
    for (const [gid, grant] of this.#grants) if (grants.includes(grant.id) && !kept.has(grant.id)) this.#grants.delete(gid);
    if (renewed.length === 0) throw new Refused(410, "grant_cancelled", "");
  }

  #renewSoon(): void {
    const stream = this.#stream;
    if (!stream || stream.closed || this.#state !== "playing") return;
    const places = [this.#queue.at, ...queues.upcoming(this.#queue, GRANTED_AHEAD)];
    const due = places
      .map((place) => this.#grants.get(queues.itemAt(this.#queue, place) ?? ""))
      .filter((grant) => grant !== undefined && grant.expiresAt - Date.now() < RENEW_MS)
      .map((grant) => grant!.id);
    // A failure is met again by the next round, and at last by the edge's "expired".
    if (due.length > 0) void this.#renew(stream, this.#streamId, due).catch(() => undefined);
  }

  // What happens

  #sounding(placement: Placement): void {
    this.#opening = null;
    this.#queue = queues.movedTo(this.#queue, placement.place);
    this.#resumeMs = 0;
    this.#applyVolume();
    this.#grantAhead();
    this.#saveSoon();
    // What was left behind is told now, when the jump itself asked the edge for nothing.
    if (this.#left) this.#stream?.report();
    if (this.gid) void this.session.recording(this.gid).then(() => this.#changed());
    this.#changed();
  }

  #ended(): void {
    if (this.#state === "starting") return;
    this.#set("ended");
    this.#stream?.report();
    this.#save();
  }

  #failed(error: unknown, placement: Placement | null): void {
    if (error instanceof MediaError || (error instanceof DOMException && !(error.name === "AbortError"))) return this.#decoderFailed(error);
    const sounding = this.loop.sounding;
    const trouble = troubleOf(error, navigator.onLine, null);
    const gid = this.#opening !== null ? queues.itemAt(this.#queue, this.#opening) : null;
    if (error instanceof Refused && sounding && gid && placement === sounding) {
      // The follower may not be heard: what sounds goes on, and the one after it follows.
      this.#refusedGids.add(gid);
      this.#opening = null;
      void this.loop.revise();
      return;
    }
    this.element.pause();
    this.#opening = null;
    this.#resumeMs = this.position * 1000;
    this.#set("paused");
    this.#setTrouble(trouble);
  }

  #decoderFailed(error: MediaError | DOMException): void {
    const again = performance.now() - this.#failedAt < DECODER_MS;
    this.#failedAt = performance.now();
    const [at, queue] = [this.position * 1000, this.#queue];
    if (!again) return this.#begin(queue, at);
    this.element.pause();
    this.#set("paused");
    this.#setTrouble({ kind: "decoder", detail: error.message, retrySeconds: null });
  }

  #leave(): void {
    this.#left = this.#at();
    this.#jumpedAt = performance.now();
  }

  #edit(queue: Queue): void {
    const before = this.#granted();
    this.#queue = queue;
    this.#cancelUnneeded(before);
    this.#grantAhead();
    if (this.loop.sounding) void this.loop.revise();
    this.#save();
    this.#changed();
  }

  #granted(): Set<Gid> {
    return new Set(queues.upcoming(this.#queue, GRANTED_AHEAD).map((place) => queues.itemAt(this.#queue, place)!));
  }

  /** Grants of what will not follow after all are given back: those not begun. */
  #cancelUnneeded(before: ReadonlySet<Gid>): void {
    const after = this.#granted();
    const gone = [...before].filter((gid) => !after.has(gid) && gid !== this.gid && this.#grants.has(gid));
    const ids = gone.map((gid) => this.#grants.get(gid)!.id);
    for (const gid of gone) this.#grants.delete(gid);
    if (ids.length > 0) void this.session.cancel(this.#streamId, ids).catch(() => undefined);
  }

  #applyVolume(): void {
    const { volume, muted } = this.#preferences;
    this.element.muted = muted;
    this.element.volume = elementVolume(volume, this.#gainOf(this.#queue.at));
  }

  #gainOf(place: number): number {
    const known = (at: number): RecordingWire | null => this.session.known(queues.itemAt(this.#queue, at) ?? "");
    const release = (at: number): string | null => known(at)?.release?.gid ?? null;
    return gainDb(known(place)?.loudness ?? null, basisOf(release(place), release(place - 1), release(place + 1)));
  }

  /** Keep the position in the cloud when things have settled: nothing competes with the first sound. */
  #saveSoon(): void {
    clearTimeout(this.#saveTimer);
    this.#saveTimer = setTimeout(() => this.#save(), SETTLED_MS);
  }

  #save(): void {
    clearTimeout(this.#saveTimer);
    if (this.#queue.items.length === 0) return;
    const { at, shuffle, repeat } = this.#queue;
    const positionMs = Math.round(this.position * 1000);
    this.session.save({ queue: queues.inOrder(this.#queue), index: at, position_ms: positionMs, shuffle, repeat });
  }

  #set(state: State): void {
    if (this.#state === state) return;
    if (state === "playing" && this.#pausedByListener) return;
    this.#state = state;
    this.#changed();
  }

  /** What was being tried again has worked. */
  #clearPassing(): void {
    if (this.#trouble && this.#trouble.retrySeconds !== null) this.#setTrouble(null);
  }

  #setTrouble(trouble: Trouble | null): void {
    this.#trouble = trouble;
    this.#changed();
  }

  /** Tell whoever shows the player, once for all that changes now; what is on its way to the network goes first. */
  #changed(): void {
    if (this.#telling) return;
    this.#telling = true;
    setTimeout(() => {
      this.#telling = false;
      for (const listener of this.#listeners) listener();
    }, 0);
  }
}

/** A recording's peaks, 0 to 255, or null when it has none. */
export const peaksOf = (recording: RecordingWire | null): Uint8Array | null =>
  recording?.peaks ? fromBase64(recording.peaks) : null;

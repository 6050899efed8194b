/** The player: what the listener asks for, carried out by queue, loop, stream and session.
 *
 * It owns no pixels. Whoever shows it reads its properties and listens to `onChange`.
 */
import { claimsOf, fromBase64 } from "./bytes";
import { Cloud } from "./cloud";
import { EdgeStream, isElsewhere, type From, type Plan } from "./edge";
import { canDecode, DOUBT_MS, isSupported, Loop, type Arriving } from "./loop";
import { basisFor, elementVolume, gainDb, type Leveling } from "./loudness";
import { isNarrow, renditionFor, type Network } from "./quality";
import * as queues from "./queue";
import type { Queue, Repeat } from "./queue";
import type { PlayRequest, Session } from "./session";
import { load } from "./strategies/load";
import { filledUntil, segmentsOf, type Placement, type Track } from "./timeline";
import { backoffMs, fetchBegun, pause, refusalOf, Refused, tellAnswered, troubleOf, Unreachable, type Trouble } from "./trouble";
import {
  plain, type BatchAnswer, type DeviceWire, type Gid, type GrantWire, type Operation, type PlayWire, type RecordingWire,
  type Release, type SessionWire, type Want,
} from "./wire";

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

/** How often the cloud is told where the music is; it counts on by itself for a little longer than that. */
const REPORT_MS = 15_000;

/** What stalls or starts late is not where the cloud thinks it is: it is told when that is heard in a hand-over. */
const DRIFT_LOOK_MS = 2_000;
const DRIFT_MS = 600;

/** After a jump or a join the cloud is told when things have settled: nothing competes with the first sound. */
const SETTLED_MS = 400;

/** Where another device told to be is near enough. */
const NEAR_MS = 1_500;

/** A decoder that fails again so soon on the same piece is not asked a third time. */
const DECODER_MS = 10_000;

/** An edge is doubted in haste while so much music is left to find another, and not again for so long: on a slow network
 * that would cost more than it saves. */
const DOUBTED_FROM_SECONDS = 3;
const DOUBTED_EVERY_MS = 60_000;

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

/** How this device plays. Kept in the cloud, so that it can be set from another one, and here, for the first moment. */
export interface Preferences {
  volume: number;
  muted: boolean;
  /** a rendition, or "auto" for what the network carries */
  quality: string;
  loudness: Leveling;
}

/** What the cloud knows a device's preferences by. */
type Settings = Pick<DeviceWire, "volume" | "muted" | "quality" | "loudness">;

/** Whether asking again later may help by itself. */
const isPassing = (error: unknown): boolean =>
  !(error instanceof Refused) || error.status >= 500 || error.status === 429 || error.code === "not_ready";

export class Player {
  readonly element: HTMLAudioElement;
  readonly session: Session;
  readonly loop: Loop;
  readonly #preferences: Preferences;
  readonly #listeners = new Set<() => void>();
  readonly #grants = new Map<Gid, Grant>();
  /** recordings whose grants are on their way: asked for twice, the second would take the first one's place while that is waited for */
  readonly #granting = new Map<Gid, Promise<void>>();
  /** recordings that were refused in this queue: passed over */
  readonly #refusedGids = new Set<Gid>();
  readonly #cloud: Cloud;
  #queue: Queue = queues.EMPTY;
  /** This page plays, or would; else what plays elsewhere is shown here, or what played last. */
  #mine = false;
  /** This page told another device what to do: it goes on doing so while that is paused. */
  #controlling = false;
  /** the last word to whoever plays that was obeyed here */
  #heard = 0;
  /** a new queue that the cloud has not confirmed yet */
  #unconfirmed: Partial<PlayRequest> | null = null;
  #stopsAfter: string | null = null;
  /** the entry that was heard to its end before the cloud had said what follows */
  #heardOut: string | null = null;
  #settings: Settings | null = null;
  #settingsTimer: ReturnType<typeof setTimeout> | undefined;
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
  #opening: string | null = null;
  /** the place that was pressed and does not sound yet: what may still sound is the piece before's */
  #coming: string | null = null;
  /** whether the cloud is being asked for it */
  #isAsked = false;
  /** where in it the listener went meanwhile */
  #soughtMs: number | null = null;
  #jumpedAt = -Infinity;
  /** the playhead as it was before a jump: reported once, so that what was heard counts */
  #left: Plan["at"] = null;
  #failedAt = -Infinity;
  /** what segments took to arrive says that good quality would stall */
  #narrow = false;
  #telling = false;
  #reportTimer: ReturnType<typeof setTimeout> | undefined;
  #pausedByListener = false;
  #frozen = false;

  constructor(element: HTMLAudioElement, session: Session, preferences: Preferences) {
    this.element = element;
    this.session = session;
    this.#preferences = preferences;
    this.#cloud = new Cloud(session, (wire) => this.learn(wire, true), (refused) => this.#notDone(refused));
    this.loop = new Loop(element, this.#supplier(), {
      onSounding: (placement) => this.#sounding(placement),
      onEnd: () => this.#ended(),
      onFailure: (error, placement) => this.#failed(error, placement),
    });
    element.addEventListener("playing", () => {
      if (!this.loop.sounding) return; // what is still held of the music before, until it is dropped
      this.#set("playing");
      this.#grantAhead();
      this.#reportSoon();
    });
    element.addEventListener("pause", () => {
      if (this.#state === "playing" && !element.ended) this.#set("paused");
    });
    element.addEventListener("waiting", () => this.#changed());
    element.addEventListener("error", () => this.#failed(element.error, this.loop.sounding));
    setInterval(() => this.#renewSoon(), 20_000);
    setInterval(() => {
      if (this.#state === "playing") this.#report();
    }, REPORT_MS);
    setInterval(() => this.#reportDrift(), DRIFT_LOOK_MS);
    this.#applyVolume();
  }

  // What is shown

  get state(): State {
    const { remote } = this;
    if (!remote) return this.#state;
    return this.#cloud.known!.playing ? "playing" : "paused";
  }

  /** The device that plays elsewhere and obeys what is pressed here; null when what is pressed sounds here. */
  get remote(): DeviceWire | null {
    const known = this.#cloud.known;
    if (this.#mine || !known?.entry || known.stream === null || !(known.playing || this.#controlling)) return null;
    const device = this.#cloud.device(known.device);
    return device?.hears ? device : null;
  }

  /** What the cloud last said. */
  get cloud(): SessionWire | null {
    return this.#cloud.known;
  }

  /** Something was asked of the cloud that is not answered yet. */
  get isAsking(): boolean {
    return this.#cloud.isAsking;
  }

  /** Ask something of the session in the cloud. */
  ask(operation: Operation): void {
    this.#cloud.ask(operation);
  }

  /** The rendition that is asked for. */
  get rendition(): string {
    return renditionFor(this.#preferences.quality, networkOf(), this.#narrow);
  }

  get preferences(): Readonly<Preferences> {
    return this.#preferences;
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

  /** What sounds of what was pressed last; null while that is on its way. */
  get #placed(): Placement | null {
    return this.#coming === null ? this.loop.sounding : null;
  }

  /** Seconds into the recording. */
  get position(): number {
    if (this.#mine) return this.#placed ? this.loop.position : this.#resumeMs / 1000;
    return Math.min(this.#cloud.positionMs / 1000, this.duration || Infinity);
  }

  get duration(): number {
    const track = this.#mine ? this.#placed?.track : null;
    return track ? track.samples / track.rateHz : (this.recording?.duration_ms ?? 0) / 1000;
  }

  /** What of this recording is in memory, in its own seconds. */
  get held(): readonly [number, number] | null {
    const sounding = this.#placed;
    if (!sounding) return null;
    const now = this.element.currentTime;
    const range = this.loop.held.find(([from, until]) => now >= from - 0.1 && now <= until + 0.1);
    if (!range) return null;
    return [Math.max(range[0] - sounding.origin, 0), Math.min(range[1] - sounding.origin, this.duration)];
  }

  get volume(): number {
    const { remote } = this;
    return remote ? remote.volume / 100 : this.#preferences.volume;
  }

  get muted(): boolean {
    return this.remote?.muted ?? this.#preferences.muted;
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  // What the listener asks for

  /** Play a queue from a place. Call it in the listener's press. */
  play(items: readonly Gid[], index: number, positionMs = 0): void {
    const { shuffle, repeat, entries } = this.#queue;
    const recordings = items.map(plain);
    const known = queues.isWhole(this.#queue) && !shuffle && this.#unconfirmed === null;
    if (known && positionMs === 0 && entries.length === items.length && entries.every(({ recording }, place) => recording === recordings[place]))
      return this.#goTo(entries[index]?.id ?? entries[0]!.id);
    const seed = queues.newSeed();
    this.#refusedGids.clear();
    this.#unconfirmed = { queue: recordings, seed, index };
    this.#begin(queues.queueOf(recordings, index, { seed, shuffle, repeat }), positionMs, this.#unconfirmed);
  }

  /** Play here what plays elsewhere, or played last: on from where it is. Call it in the listener's press. */
  playHere(): void {
    if (!this.#queue.at) return;
    if (this.#mine) return this.resume();
    this.#begin(this.#queue, this.position * 1000, { entry: null, position_ms: null });
  }

  /** Have another device play on. */
  send(device: Gid): void {
    this.#controlling = true;
    this.#cloud.ask({ op: "transfer", device });
  }

  toggle(): void {
    if (this.state === "empty") return;
    if (this.state === "playing" || this.state === "starting") this.pause();
    else this.resume();
  }

  pause(): void {
    if (!this.#mine) return this.remote ? this.#tell({ op: "pause" }) : undefined;
    this.#pausedByListener = true;
    this.element.pause();
    this.#set("paused");
    this.#report();
    this.#stream?.report();
  }

  resume(): void {
    if (this.#queue.length === 0) return;
    if (this.remote) return this.#tell({ op: "play" });
    if (!this.#mine) return this.playHere();
    this.#pausedByListener = false;
    if (this.#state === "ended") return this.jump(this.#queue.at!);
    if (!this.loop.sounding && this.#opening === null) return this.#begin(this.#queue, this.#resumeMs, this.#again());
    this.#sound();
  }

  next(): void {
    if (!this.#mine) return this.#tell({ op: "next" });
    const place = this.#playable(queues.nextPlace(this.#queue));
    if (place !== null) this.jump(place);
  }

  previous(): void {
    if (!this.#mine) return this.#tell({ op: "previous" });
    const place = queues.previousPlace(this.#queue);
    if (this.position > RESTART_SECONDS || place === null) this.seek(0);
    else this.jump(place);
  }

  /** Play another place of the queue from its start. */
  jump(place: string): void {
    if (this.remote) return this.#tell({ op: "jump", entry: place });
    this.#goTo(place);
  }

  #goTo(place: string): void {
    const queue = queues.movedTo(this.#queue, place);
    const gid = queues.current(queue);
    const stream = this.#stream;
    if (!gid || !stream || stream.closed || !this.#isGranted(gid)) return this.#begin(queue, 0, { entry: place, position_ms: 0 });
    this.#press++;
    this.#pausedByListener = false;
    this.#leave();
    this.#queue = queue;
    this.#trouble = null; // it was the one before's
    this.#opening = place;
    this.#coming = place;
    this.#resumeMs = 0;
    this.#isAsked = false;
    this.#set("starting");
    this.#sound();
    stream.abandon();
    void this.loop.start(place, 0);
  }

  /** Go to a second of what sounds. */
  seek(seconds: number): void {
    const within = Math.min(Math.max(seconds, 0), this.duration || Infinity);
    if (!this.#mine) return this.#tell({ op: "seek", position_ms: Math.round(within * 1000) });
    if (this.#coming !== null) return this.#comeAt(this.#coming, within * 1000);
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
      this.#reportSoon();
      this.#changed();
    });
    if (wasEnded) {
      this.#set("paused");
      this.resume();
    }
  }

  /** Have what was pressed begin elsewhere than it was asked to. */
  #comeAt(place: string, ms: number): void {
    this.#resumeMs = ms;
    if (this.#isAsked) this.#soughtMs = ms;
    else {
      this.#stream?.abandon();
      void this.loop.start(place, ms / 1000);
    }
    this.#changed();
  }

  /** Tell the device that plays; what is shown here changes at once. */
  #tell(operation: Operation): void {
    if (this.remote) this.#controlling = true;
    this.#cloud.ask(operation);
  }

  setShuffle(on: boolean): void {
    this.#edit(queues.withShuffle(this.#queue, on), { op: "shuffle", on });
  }

  setRepeat(repeat: Repeat): void {
    this.#edit(queues.withRepeat(this.#queue, repeat), { op: "repeat", repeat });
  }

  insertNext(items: readonly Gid[]): void {
    this.#insert(items, this.#queue.at);
  }

  append(items: readonly Gid[]): void {
    this.#insert(items, null);
  }

  #insert(items: readonly Gid[], after: string | null): void {
    if (items.length === 0) return;
    if (this.#queue.length === 0) return this.play(items, 0);
    const [seed, recordings] = [queues.newSeed(), items.map(plain)];
    const queue = queues.inserted(this.#queue, queues.entriesOf(recordings, seed), after);
    this.#edit(queue, { op: "insert", seed, recordings, after });
  }

  remove(place: string): void {
    if (place !== this.#queue.at) this.#edit(queues.removed(this.#queue, place), { op: "remove", entries: [place] });
  }

  /** Put an entry after another, or first of all. */
  move(place: string, after: string | null): void {
    const before = after === null ? (this.#queue.first?.id ?? null) : null;
    this.#edit(queues.moved(this.#queue, place, after), { op: "move", entry: place, after, before });
  }

  /** Know more of the queue than the session tells by itself. */
  extend(found: Parameters<typeof queues.extended>[1]): void {
    const queue = queues.extended(this.#queue, found);
    if (queue === this.#queue) return;
    this.#queue = queue;
    this.#changed();
  }

  /** Take out all but what plays. */
  clear(): void {
    this.#edit(queues.cleared(this.#queue), { op: "clear" });
  }

  /** The entry after which the music stops by itself. */
  get stopsAfter(): string | null {
    return this.#stopsAfter;
  }

  /** Stop when an entry has been heard, or do not after all. */
  stopAfter(place: string | null): void {
    if (place === this.#stopsAfter) return;
    this.#stopsAfter = place;
    if (this.#mine && this.loop.sounding) void this.loop.revise();
    this.#changed();
  }

  setVolume(volume: number): void {
    this.#prefer({ volume: Math.min(Math.max(volume, 0), 1), muted: false });
  }

  setMuted(muted: boolean): void {
    this.#prefer({ muted });
  }

  /** Set how this device plays; volume is the playing device's, wherever that is. */
  set(changes: Partial<Preferences>): void {
    this.#prefer(changes);
  }

  /** The page is going away: tell the edge what was heard and the cloud where we are. */
  leave(): void {
    const report = this.#where();
    if (report) this.session.say([{ ...report, playing: false }]);
    this.#stream?.close();
  }

  /** The page came back from the browser's memory: its stream was ended when it left. */
  return(): void {
    if (this.#mine && this.#stream?.closed) void this.#revive(new Unreachable()).catch(() => undefined);
  }

  /** The browser froze the page and pauses what sounds; what wanted to sound is to go on when it thaws. */
  freeze(): void {
    this.#frozen = this.#state === "playing" || this.#state === "starting";
  }

  thaw(): void {
    if (this.#frozen && this.#mine && this.element.paused) this.resume();
    this.#frozen = false;
  }

  // Beginning

  /** What asks once more for what was asked for last. */
  #again(): Partial<PlayRequest> {
    return this.#unconfirmed ?? { entry: this.#queue.at, position_ms: Math.round(this.#resumeMs) };
  }

  #begin(queue: Queue, positionMs: number, asked: Partial<PlayRequest>): void {
    if (!isSupported()) return this.#setTrouble({ kind: "unsupported", detail: "", retrySeconds: null });
    const press = ++this.#press;
    const replaces = this.#streamId ? { replaces: this.#streamId } : {};
    this.#mine = true;
    this.#controlling = false;
    this.#pausedByListener = false;
    this.#stream?.close();
    this.#stream = null;
    this.#streamId = "";
    this.#reviving = null; // of what was playing: its failure is none of this one's
    this.#grants.clear();
    this.#granting.clear(); // of another stream
    this.#queue = queue;
    this.#resumeMs = positionMs;
    this.#opening = queue.at;
    this.#coming = queue.at;
    this.#isAsked = true;
    this.#soughtMs = null;
    this.#left = null;
    this.#trouble = null;
    this.#jumpedAt = performance.now();
    this.loop.attach();
    const silent = this.loop.halt();
    this.#set("starting");
    this.#sound();
    const opened = this.#open(press, { ...asked, ...replaces }, silent);
    this.#cloud.after(opened);
  }

  async #open(press: number, asked: Partial<PlayRequest>, silent: Promise<void>): Promise<void> {
    try {
      const positionMs = asked.queue ? this.#resumeMs : asked.position_ms;
      const answer = await this.#ask({ ...asked, position_ms: positionMs == null ? null : Math.round(positionMs) }, () => press === this.#press);
      if (!answer) return;
      this.#cloud.take(answer.session); // before there is a stream: what was told earlier does not end it
      await this.#connect(answer);
      await silent;
      if (press !== this.#press) return;
      this.#confirm(answer.session, positionMs ?? null);
      this.#isAsked = false;
      void this.loop.start(this.#queue.at!, this.#resumeMs / 1000);
    } catch (error) {
      if (press === this.#press) this.#failed(error, null);
    }
  }

  /** The cloud has begun what was asked for: its queue counts, and its place where none was asked for. */
  #confirm(wire: SessionWire, askedMs: number | null): void {
    this.#unconfirmed = null;
    this.#heard = wire.directed;
    // The cloud counts on from the press; what was asked for begins where it was asked to, without losing that.
    // Where another entry was begun than the one asked for, because that one is hidden, what was asked for is not its place.
    const other = this.#queue.at !== null && this.#queue.at !== wire.entry;
    this.#resumeMs = (other ? null : (this.#soughtMs ?? askedMs)) ?? wire.position_ms;
    this.#queue = { ...this.#queue, at: wire.entry };
    this.#see(wire);
    this.#opening = this.#queue.at;
    this.#coming = this.#queue.at;
    this.#follow(wire);
    if (this.gid) void this.session.recording(this.gid).then(() => this.#changed());
  }

  /** Ask web until it answers or the listener wants something else. */
  async #ask(asked: Partial<PlayRequest>, still: () => boolean): Promise<PlayWire | null> {
    for (let attempt = 0; still(); attempt++) {
      try {
        const answer = await this.session.play({ ...asked, rendition: this.rendition });
        if (!still()) return null;
        this.#setTrouble(null);
        return answer;
      } catch (error) {
        if (!still()) return null;
        if (error instanceof Refused && error.code === "plays_elsewhere") {
          this.#yield();
          this.refresh();
          return null;
        }
        await this.#waitOut(error, attempt);
      }
    }
    return null;
  }

  /** Say what keeps web from answering, and wait until it is asked again. Throws what asking again does not help. */
  async #waitOut(error: unknown, attempt: number): Promise<void> {
    if (!isPassing(error)) throw error;
    const waitMs = Math.max(backoffMs(attempt), error instanceof Refused ? (error.waitSeconds ?? 0) * 1000 : 0);
    this.#setTrouble(troubleOf(error, navigator.onLine, waitMs / 1000));
    await pause(waitMs);
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
    this.#granting.clear();
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
      doubt: () => this.#doubt(),
      arrived: (part) => this.#arrived(part),
      successor: (place) => (place === this.#stopsAfter ? null : this.#playable(queues.successor(this.#queue, place))),
    };
  }

  /** The place, or the nearest after it that was not refused; null when there is none. */
  #playable(place: string | null): string | null {
    const queue = { ...this.#queue, repeat: this.#queue.repeat === "one" ? ("off" as const) : this.#queue.repeat };
    for (let tried = 0; place !== null && tried <= queue.entries.length; tried++) {
      if (!this.#refusedGids.has(queues.itemAt(queue, place) ?? "")) return place;
      place = queues.successor(queue, place);
    }
    return null;
  }

  async #openTrack(place: string): Promise<Track> {
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
        const init = { signal: AbortSignal.any([signal, stream.lost]), cache: "no-store", credentials: "omit" } as const;
        const response = await fetchBegun(stream.address(release), init, BEGUN_MS, { ms: DOUBT_MS, then: () => this.#doubt() });
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
        if (stream.closed) return null;
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

  /** A segment came, in such a part of the time in which it sounds. What follows is asked for as the network carries it; a
   * piece that starves because of it goes on in the small rendition. */
  #arrived(part: number): void {
    this.#narrow = isNarrow(this.#narrow, part);
    const placed = this.#placed;
    if (part <= 1 || !this.starving || !placed || placed.track.rendition === this.rendition) return;
    this.#resumeMs = this.position * 1000;
    this.#begin(this.#queue, this.#resumeMs, this.#again());
  }

  /** A segment is silent: find out whether its edge is there while music is held. */
  #doubt(): void {
    if (this.loop.aheadSeconds >= DOUBTED_FROM_SECONDS && performance.now() - this.#revivedAt > DOUBTED_EVERY_MS)
      this.#stream?.doubt();
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
    const own = this.#streamId
      ? { continues: { stream: this.#streamId, sequence: from?.answered ?? -1 }, replaces: this.#streamId }
      : {};
    const asked = (): Partial<PlayRequest> => ({ entry: this.#queue.at, position_ms: Math.round(this.position * 1000), ...own });
    const reviving = this.#calm()
      .then(() => this.#ask(asked(), still))
      .then(async (answer) => {
        if (!answer) throw cause;
        await this.#connect(answer, from);
        this.#heard = answer.session.directed;
        this.learn(answer.session, true);
        this.#grantAhead();
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
    const [sounding, stream] = [this.loop.sounding, this.#stream];
    if (!sounding || !stream) return null;
    const { recording, grant } = sounding.track;
    return { grant: stream.named(this.#grants.get(plain(recording))?.id, grant), sample: this.loop.sample! };
  }

  /** What is needed next, in order of play: of each piece, the first segment whose key is not here; and for how many
   * seconds from now keys are here. */
  #wants(stream: EdgeStream): { wants: Want[]; reach: number } {
    const wants: Want[] = [];
    const { cursor } = this.loop;
    let place: string | null = this.#opening ?? this.#queue.at;
    let reach = 0;
    if (cursor) {
      const { placement, segment } = cursor;
      const missing = this.#missing(stream, placement.track, segment);
      if (missing !== null) this.#want(wants, placement.track.recording, placement.track.rendition, missing);
      reach = filledUntil(placement, (missing ?? placement.track.segments) - 1) - this.element.currentTime;
      place = this.#playable(queues.successor(this.#queue, placement.place));
    }
    for (let count = 0; place !== null && count <= WANTED_AHEAD; count++) {
      const gid: Gid | null = queues.itemAt(this.#queue, place);
      const held = gid ? this.#wantFollower(wants, stream, gid) : 0;
      if (wants.length === 0) reach += held;
      place = this.#playable(queues.successor(this.#queue, place));
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
    const wish = [this.rendition, "aac-128", "aac-64", "aac-256", "flac"];
    return wish.find((name) => grant.renditions.includes(name)) ?? this.rendition;
  }

  // Grants

  #isGranted(gid: Gid): boolean {
    return (this.#grants.get(gid)?.expiresAt ?? 0) > Date.now() + 5_000;
  }

  async #grantFor(gid: Gid): Promise<Grant> {
    const press = this.#press;
    // What fails on its way is asked for again here.
    await this.#granting.get(plain(gid))?.catch(() => undefined);
    const held = this.#grants.get(plain(gid));
    if (held) return held;
    for (let attempt = 0; ; attempt++) {
      try {
        await this.#grantMore([plain(gid)]);
        break;
      } catch (error) {
        // Without network what is held sounds on: short pieces may need the next one's grant meanwhile.
        if (press !== this.#press) throw error;
        await this.#waitOut(error, attempt);
      }
    }
    this.#clearPassing();
    const granted = this.#grants.get(plain(gid));
    if (!granted) throw new Refused(403, "not_granted", "");
    return granted;
  }

  #grantMore(gids: readonly Gid[]): Promise<void> {
    const granting = this.#askGrants(gids).finally(() => {
      for (const gid of gids) if (this.#granting.get(gid) === granting) this.#granting.delete(gid);
    });
    for (const gid of gids) this.#granting.set(gid, granting);
    return granting;
  }

  async #askGrants(gids: readonly Gid[]): Promise<void> {
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

  /** Have the next few of the queue granted before they are needed. Until the first sound nothing takes its way: what follows is
   * asked for when that is heard. */
  #grantAhead(): void {
    if (this.#state === "starting") return;
    const gids = queues.upcoming(this.#queue, GRANTED_AHEAD).map((place) => queues.itemAt(this.#queue, place)!);
    const missing = [...new Set(gids)].filter((gid) => ![this.#grants, this.#granting, this.#refusedGids].some((it) => it.has(gid)));
    this.#forgetBehind(new Set([...gids, this.gid, queues.itemAt(this.#queue, queues.previousPlace(this.#queue))]));
    // What fails here is asked for again when it is needed.
    const granted = missing.length > 0 && this.#stream ? this.#grantMore(missing).catch(() => undefined) : Promise.resolve();
    // What is granted comes along with that; nobody asks for it twice.
    void granted.then(() => gids.forEach((gid) => void this.session.recording(gid)));
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
    const places = [this.#queue.at!, ...queues.upcoming(this.#queue, GRANTED_AHEAD)];
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
    this.#coming = null;
    this.#queue = queues.movedTo(this.#queue, placement.place);
    this.#resumeMs = 0;
    this.#applyVolume();
    this.#grantAhead();
    this.#reportSoon();
    // What was left behind is told now, when the jump itself asked the edge for nothing.
    if (this.#left) this.#stream?.report();
    if (this.gid) void this.session.recording(this.gid).then(() => this.#changed());
    this.#changed();
  }

  #ended(): void {
    if (this.#state === "starting") return;
    this.#stream?.report();
    if (this.#stopsAfter === null && queues.isOpenEnded(this.#queue)) {
      // A short piece at the end of what is known of a long queue: the answer brings what follows.
      this.#heardOut = this.#queue.at;
      return this.#report();
    }
    const next = this.#stopsAfter === null ? null : queues.nextPlace(this.#queue);
    this.#stopsAfter = null;
    if (next !== null) {
      // Who falls asleep here wakes up at the next piece.
      this.#queue = queues.movedTo(this.#queue, next);
      this.#resumeMs = 0;
      void this.loop.halt();
      this.#pausedByListener = true;
    }
    this.#set(next === null ? "ended" : "paused");
    this.#report();
  }

  #failed(error: unknown, placement: Placement | null): void {
    if (error instanceof MediaError || (error instanceof DOMException && !(error.name === "AbortError"))) return this.#decoderFailed(error);
    if (!this.#mine) return;
    const sounding = this.loop.sounding;
    const trouble = troubleOf(error, navigator.onLine, null);
    // Who was taken over from and did not hear of it learns it by its grants.
    if (error instanceof Refused && error.code === "grant_cancelled") this.refresh();
    const gid = this.#opening !== null ? queues.itemAt(this.#queue, this.#opening) : null;
    if (error instanceof Refused && sounding && gid && placement === sounding) {
      // The follower may not be heard: what sounds goes on, and the one after it follows.
      this.#refusedGids.add(gid);
      this.#opening = null;
      void this.loop.revise();
      return;
    }
    this.element.pause();
    if (this.#stream?.closed) this.#stream.close();
    this.#resumeMs = this.position * 1000;
    this.#opening = null;
    this.#coming = null;
    this.#set("paused");
    this.#setTrouble(trouble);
    this.#report();
  }

  #decoderFailed(error: MediaError | DOMException): void {
    const again = performance.now() - this.#failedAt < DECODER_MS;
    this.#failedAt = performance.now();
    const [at, queue] = [this.position * 1000, this.#queue];
    if (!again) return this.#begin(queue, at, this.#unconfirmed ?? { entry: queue.at, position_ms: Math.round(at) });
    this.element.pause();
    // An element that failed never sounds again: whatever is pressed next finds a fresh one, and where it was.
    this.#opening = null;
    this.#coming = null;
    this.#resumeMs = at;
    this.loop.attach();
    void this.loop.halt();
    this.#set("paused");
    this.#setTrouble({ kind: "decoder", detail: error.message, retrySeconds: null });
  }

  #leave(): void {
    this.#left = this.#at();
    this.#jumpedAt = performance.now();
  }

  /** Show an edit at once, and have the cloud make it. */
  #edit(queue: Queue, operation: Operation): void {
    this.#replaceQueue(queue);
    this.#cloud.ask(operation);
    this.#changed();
  }

  /** Another queue, with what plays in it: what was prepared of the old follower gives way to the new one. */
  #replaceQueue(queue: Queue): void {
    const before = this.#granted();
    const sounding = this.#mine ? this.loop.sounding : null;
    const follower = sounding && this.#playable(queues.successor(this.#queue, sounding.place));
    this.#queue = queue;
    if (!this.#mine || !this.#streamId) return;
    this.#cancelUnneeded(before);
    this.#grantAhead();
    if (sounding && this.#playable(queues.successor(queue, sounding.place)) !== follower) void this.loop.revise();
  }

  // The session in the cloud

  /** Who listens is somebody else from now on. Of what was granted as previews they may hear all: it is asked for anew,
   * and what sounds goes on from where it is. */
  welcome(): void {
    if (!this.#mine || ![...this.#grants.values()].some((it) => it.preview)) return;
    this.#resumeMs = this.position * 1000;
    if (this.#state === "playing" || this.#state === "starting") return this.#begin(this.#queue, this.#resumeMs, this.#again());
    this.#stream?.close(); // nothing may be left that a press of play would go on with
    this.#stream = null;
    this.#grants.clear();
    void this.loop.halt();
  }

  /** Ask web for the session as it is now. */
  refresh(): void {
    void this.#cloud.load().then((wire) => wire && this.learn(wire));
  }

  /** What web says of the session: in an answer to this page's own question, or because something changed elsewhere. */
  learn(wire: SessionWire, own = false): void {
    const isNew = this.#cloud.take(wire);
    if (!isNew && !own) return;
    // What came from elsewhere while this was asked is newer, and was not shown yet.
    if (!isNew) wire = this.#cloud.known!;
    if (this.#isLost(wire)) this.#yield();
    // While questions are under way, others' news may not know of them: the last answer knows of all.
    if (!this.#cloud.isAsking && this.#unconfirmed === null) this.#see(wire);
    else if (own) this.#mendPosition(wire);
    this.#goOn();
    this.#obey(wire);
    this.#follow(wire);
    this.#receive(wire);
    this.#changed();
  }

  /** Go on after an entry whose follower was not known when it ended. */
  #goOn(): void {
    if (this.#heardOut === null || queues.isOpenEnded(this.#queue)) return;
    const waited = this.#heardOut === this.#queue.at && this.#mine && !this.#pausedByListener;
    this.#heardOut = null;
    if (!waited) return;
    const next = this.#playable(queues.successor(this.#queue, this.#queue.at!));
    if (next === null) this.#ended();
    else this.#goTo(next);
  }

  #mendPosition(wire: SessionWire): void {
    if (!this.#mine) this.#resumeMs = wire.position_ms;
  }

  /** Another stream may sound, and this page's may not. */
  #isLost(wire: SessionWire): boolean {
    return this.#mine && this.#streamId !== "" && wire.alone && plain(wire.stream ?? "") !== plain(this.#streamId);
  }

  /** Another device took over: silence here, at once. The edge is told what was heard. */
  #yield(): void {
    this.#press++;
    this.element.pause();
    this.#stream?.close();
    this.#stream = null;
    this.#streamId = "";
    this.#mine = false;
    this.#unconfirmed = null;
    this.#opening = null;
    this.#coming = null;
    this.#grants.clear();
    void this.loop.halt();
    this.#trouble = null;
    this.#set("paused");
  }

  /** Show the queue as the cloud has it. What sounds here is known best here. */
  #see(wire: SessionWire): void {
    const { offset, length, first, last, shuffle, repeat } = wire;
    const entries = (wire.entries ?? this.#queue.entries).map(({ id, recording }) => ({ id, recording: plain(recording) }));
    const seen = { entries, offset, length, shuffle, repeat, first: named(first), last: named(last), at: wire.entry };
    const at = this.#mine && queues.itemAt(seen, this.#queue.at) !== null ? this.#queue.at : wire.entry;
    this.#replaceQueue({ ...seen, at });
    if (this.#mine) return;
    this.#set(wire.entry === null ? "empty" : "paused");
    if (this.gid) void this.session.recording(this.gid).then(() => this.#changed());
  }

  /** Somebody else told whoever plays what to do, and that is this page. */
  #obey(wire: SessionWire): void {
    if (!this.#mine || !this.#streamId || plain(wire.stream ?? "") !== plain(this.#streamId) || wire.directed <= this.#heard) return;
    this.#heard = wire.directed;
    const sounds = this.#state === "playing" || this.#state === "starting";
    if (wire.entry === null) return this.#yield();
    if (wire.entry !== this.#queue.at || (this.loop.sounding && this.loop.sounding.place !== wire.entry)) {
      if (wire.playing) return this.#goTo(wire.entry);
      this.#queue = queues.movedTo(this.#queue, wire.entry);
      this.#resumeMs = wire.position_ms;
      this.#coming = null;
      this.#pausedByListener = true;
      this.element.pause();
      void this.loop.halt();
      return this.#set("paused");
    }
    if (Math.abs(this.position * 1000 - wire.position_ms) > NEAR_MS) this.seek(wire.position_ms / 1000);
    if (wire.playing && !sounds) this.resume();
    else if (!wire.playing && sounds) this.pause();
  }

  /** How this device plays may have been set from another one. */
  #follow(wire: SessionWire): void {
    const mine = wire.devices.find(({ gid }) => gid === wire.you);
    if (!mine || this.#settingsTimer !== undefined) return;
    const { volume, muted, quality, loudness } = mine;
    const [said, before] = [{ volume, muted, quality, loudness }, this.#settings];
    this.#settings = said;
    if (before === null && isUsual(said) && !isUsual(this.#own())) return this.#tellSettings(this.#own());
    if (JSON.stringify(said) === JSON.stringify(before ?? this.#own())) return;
    Object.assign(this.#preferences, { ...said, volume: volume / 100, loudness: loudness as Leveling });
    this.#applyVolume();
  }

  #own(): Settings {
    const { volume, muted, quality, loudness } = this.#preferences;
    return { volume: Math.round(volume * 100), muted, quality, loudness };
  }

  #prefer(changes: Partial<Preferences>): void {
    const { remote } = this;
    const sent = { ...changes, ...(changes.volume === undefined ? {} : { volume: Math.round(changes.volume * 100) }) };
    if (remote && (changes.volume !== undefined || changes.muted !== undefined)) {
      Object.assign(remote, sent); // shown at once; what the device has is told when it has it
      void this.session.setDevice(remote.gid, sent).catch(() => undefined);
      return this.#changed();
    }
    Object.assign(this.#preferences, changes);
    this.#applyVolume();
    this.#changed();
    this.#tellSettings(this.#own());
  }

  #tellSettings(settings: Settings): void {
    clearTimeout(this.#settingsTimer);
    this.#settingsTimer = setTimeout(() => {
      this.#settingsTimer = undefined;
      const you = this.#cloud.known?.you;
      this.#settings = settings;
      if (you) void this.session.setDevice(you, settings).catch(() => undefined);
    }, SETTLED_MS);
  }

  /** Another device sent the music here: to the tab that hears for all others of this browser. */
  #receive(wire: SessionWire): void {
    if (wire.stream !== null || !wire.playing || wire.you === null || wire.device !== wire.you || this.#mine) return;
    if (this.receives) this.playHere();
  }

  /** Whether this is the tab that begins what is sent to this device. */
  receives = false;

  #notDone(refused: Refused): void {
    if (refused.code === "device_away") this.#controlling = false;
    else this.onRefused(refused);
    this.refresh();
  }

  /** What the cloud refused to do, in its own words. */
  onRefused: (refused: Refused) => void = () => undefined;

  /** Where the music is, as the cloud is told; null when it is not this page's to say. */
  #where(): Extract<Operation, { op: "report" }> | null {
    if (!this.#mine || !this.#streamId || this.#queue.at === null) return null;
    const playing = this.#state === "playing" || this.#state === "starting";
    return { op: "report", stream: this.#streamId, entry: this.#queue.at, position_ms: Math.round(this.position * 1000), playing, heard: this.#heard };
  }

  #report(): void {
    clearTimeout(this.#reportTimer);
    const report = this.#where();
    if (report) this.#cloud.ask(report);
  }

  #reportDrift(): void {
    if (!this.#mine || this.#state !== "playing" || this.#cloud.isAsking) return;
    if (Math.abs(this.#cloud.positionMs - this.position * 1000) > DRIFT_MS) this.#report();
  }

  #reportSoon(): void {
    clearTimeout(this.#reportTimer);
    this.#reportTimer = setTimeout(() => this.#report(), SETTLED_MS);
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

  #gainOf(place: string | null): number {
    const known = (at: string | null): RecordingWire | null => this.session.known(queues.itemAt(this.#queue, at) ?? "");
    const release = (at: string | null): string | null => known(at)?.release?.gid ?? null;
    const around = [queues.previousPlace(this.#queue), queues.nextPlace(this.#queue)] as const;
    const basis = basisFor(this.#preferences.loudness, release(place), release(around[0]), release(around[1]));
    return basis === null ? 0 : gainDb(known(place)?.loudness ?? null, basis);
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

const named = (entry: queues.Entry | null): queues.Entry | null => entry && { id: entry.id, recording: plain(entry.recording) };

const isUsual = ({ volume, muted, quality, loudness }: Settings): boolean =>
  volume === 100 && !muted && quality === "auto" && loudness === "auto";

/** What the browser says of the network; Firefox and Safari say nothing. */
const networkOf = (): Network => (navigator as { connection?: Network }).connection ?? {};

/** The player's side of its stream with one edge: one POST every 8 to 12 s carries the playhead out, names and keys back.
 *
 * Every POST has a sequence number. When the network loses one, the same body goes again under the same number, and
 * the edge answers as it did before, undebited. After any loss all grants are sent anew, so that an edge that was
 * restarted in between goes on as if it had never forgotten.
 */
import { fromBase64 } from "./bytes";
import type { Strategy } from "./strategies/contract";
import type { Track } from "./timeline";
import { backoffMs, pause, refusalOf, Refused, tellAnswered, Unreachable } from "./trouble";
import { plain, type BatchAnswer, type Playhead, type Release, type TrackWire, type Want } from "./wire";

/** Reports leave this often while music sounds, spread so that a full house does not knock in step. */
const REPORT_MS = [8_000, 12_000] as const;

/** An answer that has not come after this long is lost: half a listener's buffer is left to ask again. */
const ANSWER_MS = 8_000;

const RESENDS_MAX = 3;

/** An edge that left so many POSTs in a row unanswered, or one for so long, may be gone: web knows which one to ask. */
const LOST_MAX = 3;
const LOST_MS = 12_000;

/** The same for one that is in doubt while music is held: half of what that leaves for finding out. */
const DOUBTED_MS = 2_000;

/** How long to leave an edge alone that answered without what was waited for. */
const VAIN_MS = 500;

/** Rounding on the way: the gate is asked a moment after it said it would open. */
const SLACK_MS = 20;

/** Grants remembered as begun: those of what may still sound, and some. */
const BEGUN_MAX = 64;

/** Tokens in one POST at most; an edge takes no more. */
const GRANTS_MAX = 60;

/** What the player says when a POST leaves. */
export interface Plan {
  readonly at: Playhead | null;
  /** what will be needed, in order of play */
  readonly want: readonly Want[];
  readonly aheadSeconds: number;
  /** whether time passes: a paused player is silent */
  readonly moving: boolean;
}

export interface EdgeOptions {
  /** the edge's address without a trailing slash */
  readonly url: string;
  readonly stream: string;
  /** where a stream that moved here from another edge goes on */
  readonly from?: From | undefined;
  readonly strategy: (name: string) => Promise<Strategy>;
  readonly plan: () => Plan;
  /** A failure that is being tried again in `retrySeconds`; null when all is well again. */
  readonly onTrouble: (error: unknown, retrySeconds: number | null) => void;
  /** Ask web for new tokens of these grants and admit them. Rejects when web refuses. */
  readonly renew: (grants: readonly string[]) => Promise<void>;
  readonly fetch?: typeof fetch;
  readonly wait?: typeof pause;
}

/** Where a stream is between two edges. */
export interface From {
  /** the last sequence that was answered with a batch; -1 before the first */
  readonly answered: number;
  /** the first one that no POST on its way, and no beacon, can have */
  readonly next: number;
  /** grants of which keys left, whichever edge they left from */
  readonly begun: ReadonlySet<string>;
}

/** The object store is away for a while: who waits goes on waiting, and the POST after this one asks again. */
const STORE = "store_unavailable";

/** The edge's word that web has given the account to another edge. */
const MOVED = "account_moved";

/** Whether a stream that ended so goes on elsewhere by itself. */
export const isElsewhere = (error: unknown): boolean =>
  error instanceof Unreachable || (error instanceof Refused && (error.code === MOVED || error.code === "stream_ended"));

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const keyOf = (grant: string, rendition: string, segment: number): string => `${grant}/${rendition}/${segment}`;

export class EdgeStream {
  readonly #options: EdgeOptions;
  readonly #fetch: typeof fetch;
  readonly #wait: typeof pause;
  readonly #tokens = new Map<string, string>();
  readonly #unsent = new Set<string>();
  readonly #undescribed = new Set<string>();
  readonly #tracks = new Map<string, Track>();
  readonly #releases = new Map<string, Release>();
  readonly #waiters = new Map<string, Waiter[]>();
  readonly #begun: Set<string>;
  readonly #end = new AbortController();
  readonly #lost = new AbortController();
  /** web asks for the first batch as 0; without its answer the player asks with the same */
  #sequence: number;
  #answered: number;
  #busy = false;
  #again = false;
  #shutUntil = 0;
  #resent = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #doubted: ReturnType<typeof setTimeout> | undefined;
  #failed: unknown = null;
  #parted = false;

  constructor(options: EdgeOptions) {
    this.#options = options;
    this.#sequence = options.from?.next ?? 0;
    this.#answered = options.from?.answered ?? -1;
    this.#begun = new Set(options.from?.begun);
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
    this.#wait = options.wait ?? pause;
  }

  /** Whether somebody waits for what is not released yet. */
  get waiting(): boolean {
    return this.#waiters.size > 0;
  }

  get closed(): boolean {
    return this.#end.signal.aborted;
  }

  /** Aborted when the edge is given up because nobody answers: what is on its way from there will not come. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Where another edge may take the stream over. */
  get from(): From {
    return { answered: this.#answered, next: this.#sequence + 2, begun: this.#begun };
  }

  /** By which grant a playhead is told: one of which keys left in this stream. What was released before it moved sounds under
   * the grant of then; by one that nothing was released under yet nobody could tell that it was heard. */
  named(grant: string | undefined, before: string): string {
    return grant === undefined || (!this.#begun.has(grant) && this.#begun.has(before)) ? before : grant;
  }

  /** Take a grant's token, new or renewed; it travels with the next POST. */
  admit(grant: string, token: string): void {
    if (this.#tokens.get(grant) === token) return;
    this.#tokens.set(grant, token);
    this.#unsent.add(grant);
  }

  /** Forget all grants but these: a stream of many hours does not carry them all along. */
  keepOnly(grants: ReadonlySet<string>): void {
    for (const grant of this.#tokens.keys()) {
      if (grants.has(grant)) continue;
      this.#tokens.delete(grant);
      this.#unsent.delete(grant);
      this.#undescribed.delete(grant);
      for (const kept of [this.#tracks, this.#releases])
        for (const key of kept.keys()) if (key.startsWith(`${grant}/`)) kept.delete(key);
    }
  }

  /** Take the first batch, which web fetched along with the grants: nothing of it needs to be sent again. */
  async begin(answer: BatchAnswer, grants: Iterable<string>): Promise<void> {
    for (const grant of grants) this.#unsent.delete(grant);
    await this.#absorb(answer);
    this.#answered = answer.sequence;
    this.#sequence = answer.sequence + 1;
    this.#schedule();
  }

  /** The description of a grant's track in one rendition, when it is known already; of any, when none is named. */
  track(grant: string, rendition?: string): Track | null {
    if (rendition !== undefined) return this.#tracks.get(`${grant}/${rendition}`) ?? null;
    for (const [key, track] of this.#tracks) if (key.startsWith(`${grant}/`)) return track;
    return null;
  }

  /** The same, waiting for it: it comes with the grant's first release, so `plan()` must want one. */
  described(grant: string): Promise<Track> {
    const known = this.track(grant);
    if (known) return Promise.resolve(known);
    return this.#waiting(`${grant}/`).then(() => this.track(grant)!);
  }

  /** Whether a segment's key is here. */
  holds(grant: string, rendition: string, segment: number): boolean {
    return this.#releases.has(keyOf(grant, rendition, segment));
  }

  /** A segment's name and key: at once when released, else as soon as the edge releases it.
   *
   * The want must be part of `plan()` by the time this is called. Rejects with `Refused` when it never will be. */
  take(want: Want): Promise<Release> {
    const key = keyOf(want.grant, want.rendition, want.segment);
    const held = this.#releases.get(key);
    if (held) return Promise.resolve(held);
    return this.#waiting(key).then(() => this.#releases.get(key)!);
  }

  #waiting(key: string): Promise<void> {
    if (this.closed) return Promise.reject(this.#failed ?? new Unreachable());
    return new Promise((resolve, reject) => {
      this.#waiters.set(key, [...(this.#waiters.get(key) ?? []), { resolve, reject }]);
      this.#pumpWhenOpen();
    });
  }

  #settle(key: string): void {
    for (const waiter of this.#waiters.get(key) ?? []) waiter.resolve();
    this.#waiters.delete(key);
  }

  /** Stop waiting: the listener goes elsewhere. A gate that was shut for what follows may be open for a jump. */
  abandon(): void {
    this.#waiters.clear();
    this.#shutUntil = 0;
  }

  /** A name that no longer opens anything (its epoch or token is over): it is asked for again when needed. */
  forget(release: Release): void {
    this.#releases.delete(keyOf(release.grant, release.rendition, release.segment));
  }

  /** Where a release is fetched. */
  address(release: Release): string {
    return release.url.startsWith("http") ? release.url : this.#options.url + release.url;
  }

  /** Report now: the playhead jumped or stopped, or something new is wanted. While the gate is shut nothing is wanted. */
  report(): void {
    if (this.#busy) this.#again = true;
    else if (!this.closed) void this.#pump();
  }

  /** Ask at once whether the edge is there: a segment got no answer. */
  check(): void {
    if (!this.closed) void this.#pump();
  }

  /** Nothing has come of a segment for a moment, and what is held leaves no time for long waits: an edge that answers no
   * POST either is given up. */
  doubt(): void {
    if (this.closed || this.#doubted !== undefined || globalThis.navigator?.onLine === false) return;
    this.#doubted = setTimeout(() => this.#fail(new Unreachable()), DOUBTED_MS);
    void this.#pump();
  }

  #trust(): void {
    clearTimeout(this.#doubted);
    this.#doubted = undefined;
  }

  /** End the stream for a reason that others found: who waits is told it. */
  fail(error: unknown): void {
    this.#fail(error);
  }

  /** End the stream with a beacon, which outlives the page. An edge that refused to go on is told too what was heard. */
  close(): void {
    if (this.#parted || (this.closed && !(this.#failed instanceof Refused))) return;
    this.#parted = true;
    clearTimeout(this.#timer);
    this.#trust();
    this.#end.abort();
    const body = this.#body(true);
    if (!globalThis.navigator?.sendBeacon?.(this.#batches, new Blob([body], { type: "text/plain;charset=UTF-8" })))
      void this.#fetch(this.#batches, { method: "POST", body, keepalive: true }).catch(() => undefined);
    this.#rejectAll(new Unreachable());
  }

  get #batches(): string {
    return `${this.#options.url}/v1/streams/${this.#options.stream}/batches`;
  }

  #body(closing: boolean): string {
    const plan = this.#options.plan();
    const describe = [...this.#undescribed];
    return JSON.stringify({
      // A POST may be under way under this number, and its answer would be the beacon's: the last playhead would be lost.
      sequence: this.#sequence + (closing && this.#busy ? 1 : 0),
      grants: [...this.#unsent].slice(-GRANTS_MAX).map((grant) => this.#tokens.get(grant)),
      at: plan.at,
      want: closing || this.#shutUntil > Date.now() ? [] : plan.want,
      ahead_seconds: closing ? 0 : plan.aheadSeconds,
      closing,
      ...(describe.length > 0 && !closing ? { describe } : {}),
    });
  }

  #pumpWhenOpen(): void {
    const shut = this.#shutUntil - Date.now();
    if (shut > 0) this.#schedule(shut);
    else void this.#pump();
  }

  async #pump(): Promise<void> {
    // What is being answered may be what is waited for; if not, the loop below asks again.
    if (this.#busy) return;
    this.#busy = true;
    clearTimeout(this.#timer);
    try {
      do {
        this.#again = false;
        await this.#exchange();
      } while (!this.closed && (this.#again || (this.#waiters.size > 0 && this.#shutUntil <= Date.now())));
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#busy = false;
    }
    this.#schedule();
  }

  /** One POST with its retries. Throws when the stream cannot go on. */
  async #exchange(): Promise<void> {
    const sent = [...this.#unsent].slice(-GRANTS_MAX);
    const body = this.#body(false);
    const began = performance.now();
    let lost = 0;
    for (let attempt = 0; !this.closed; attempt++) {
      const response = await this.#attempt(body);
      if (this.closed) return;
      if (response instanceof Response) this.#trust();
      if (response instanceof Response && response.status < 500) {
        this.#sequence++;
        if (attempt > 0) {
          this.#resendAll();
          tellAnswered();
        }
        if (!response.ok) return this.#refused(await refusalOf(response));
        for (const grant of sent) if (attempt === 0) this.#unsent.delete(grant);
        this.#options.onTrouble(null, null);
        this.#answered = this.#sequence - 1;
        return this.#absorb((await response.json()) as BatchAnswer);
      }
      const trouble = response instanceof Response ? await refusalOf(response) : response;
      lost = trouble instanceof Unreachable || trouble.code === "" ? lost + 1 : 0;
      // Without a network there is nobody else to ask.
      if (globalThis.navigator?.onLine === false) lost = 0;
      if (lost >= LOST_MAX || (lost > 0 && performance.now() - began > LOST_MS)) throw new Unreachable();
      const waitMs = backoffMs(attempt);
      this.#options.onTrouble(trouble, waitMs / 1000);
      await this.#wait(waitMs, this.#end.signal);
    }
  }

  async #attempt(body: string): Promise<Response | Unreachable> {
    try {
      const response = await this.#post(body);
      // An answer that breaks off is lost as well: the edge gives the same bytes again.
      await response.clone().arrayBuffer();
      return response;
    } catch {
      return new Unreachable();
    }
  }

  /** Resending helps once; an edge that still refuses means it. */
  #mayResend(): boolean {
    this.#resent++;
    return this.#resent <= RESENDS_MAX;
  }

  /** Whoever answers after a loss may have been restarted: tell it all grants once more. */
  #resendAll(): void {
    for (const grant of this.#tokens.keys()) this.#unsent.add(grant);
    this.#again = true;
  }

  #post(body: string): Promise<Response> {
    const signal = AbortSignal.any([this.#end.signal, AbortSignal.timeout(ANSWER_MS)]);
    // text/plain needs no CORS preflight: one round trip instead of two.
    const headers = { "Content-Type": "text/plain;charset=UTF-8" };
    return this.#fetch(this.#batches, { method: "POST", body, headers, signal, cache: "no-store", credentials: "omit" });
  }

  async #refused(refused: Refused): Promise<void> {
    if (refused.code === "over_budget" || refused.status === 429) {
      const seconds = refused.waitSeconds ?? 2;
      this.#shut(seconds * 1000);
      if (this.#waiters.size > 0) this.#options.onTrouble(refused, seconds);
      return;
    }
    if (refused.code === "grant_expired") return this.#renew([...this.#tokens.keys()]);
    if (refused.code === "sequence_stale" && refused.sequence !== null && this.#mayResend()) {
      this.#sequence = refused.sequence + 1;
      return this.#resendAll();
    }
    // An edge that was restarted: it remembers its gate, not what it was shown.
    if (refused.code === "grant_unknown" && this.#mayResend()) return this.#resendAll();
    throw refused;
  }

  async #renew(grants: readonly string[]): Promise<void> {
    await this.#options.renew(grants);
    for (const grant of grants) if (this.#tokens.has(grant)) this.#unsent.add(grant);
    this.#again = true;
  }

  async #absorb(answer: BatchAnswer): Promise<void> {
    this.#resent = 0;
    for (const [grant, wire] of Object.entries(answer.tracks ?? {})) this.#describe(grant, wire);
    const strategy = await this.#options.strategy(answer.strategy);
    const releases = await strategy.read(answer, { fromBase64, stream: plain(this.#options.stream), subtle: globalThis.crypto?.subtle });
    for (const release of releases) this.#keep(release);
    this.#gate(answer, releases.length > 0);
    await this.#refusals(answer);
  }

  #describe(grant: string, wire: TrackWire): void {
    const key = `${grant}/${wire.rendition}`;
    const known = this.#tracks.get(key);
    if (!wire.init) {
      if (!known) this.#undescribed.add(grant);
      return;
    }
    this.#undescribed.delete(grant);
    this.#tracks.set(key, {
      grant,
      recording: wire.recording,
      rendition: wire.rendition,
      mime: wire.mime,
      rateHz: wire.rate_hz,
      samples: wire.samples,
      delaySamples: wire.delay_samples,
      segmentSamples: wire.segment_samples,
      segments: wire.segments,
      init: fromBase64(wire.init),
      window: wire.window,
    });
    this.#settle(`${grant}/`);
  }

  #keep(release: Release): void {
    const key = keyOf(release.grant, release.rendition, release.segment);
    if (!this.#tracks.has(`${release.grant}/${release.rendition}`)) {
      // The edge said it before, but this player never got it: ask again, and take the key then.
      this.#undescribed.add(release.grant);
      this.#again = true;
      return;
    }
    this.#releases.set(key, release);
    this.#begun.add(release.grant);
    if (this.#begun.size > BEGUN_MAX) this.#begun.delete(this.#begun.values().next().value!);
    this.#settle(key);
  }

  /** The edge says when its gate lets more through; asking before is refused, and the playhead with it. */
  #gate(answer: BatchAnswer, answered: boolean): void {
    const waitMs = (answer.gate?.wait_seconds ?? 0) * 1000;
    const vainMs = this.#waiters.size > 0 && !answered && !this.#again ? VAIN_MS : 0;
    // A report while it is shut is answered at once, and opens nothing.
    if (waitMs > 0 || (vainMs > 0 && this.#shutUntil <= Date.now())) this.#shut(Math.max(waitMs, vainMs));
  }

  #shut(ms: number): void {
    this.#shutUntil = Date.now() + ms + SLACK_MS;
  }

  async #refusals(answer: BatchAnswer): Promise<void> {
    const expired: string[] = [];
    for (const refusal of answer.refused ?? []) {
      if (refusal.code === MOVED) throw new Refused(410, refusal.code, refusal.detail ?? "");
      if (refusal.code === "grant_expired") expired.push(refusal.grant);
      else if (refusal.code === "grant_unknown" && this.#tokens.has(refusal.grant)) {
        this.#unsent.add(refusal.grant);
        this.#again = true;
      } else if (refusal.code !== STORE) this.#reject(refusal.grant, new Refused(403, refusal.code, refusal.detail ?? ""));
    }
    if (expired.length > 0) await this.#renew(expired);
  }

  #reject(grant: string, error: Refused): void {
    for (const [key, waiters] of this.#waiters) {
      if (!key.startsWith(`${grant}/`)) continue;
      this.#waiters.delete(key);
      for (const waiter of waiters) waiter.reject(error);
    }
  }

  #fail(error: unknown): void {
    if (this.closed) return;
    this.#failed = error;
    clearTimeout(this.#timer);
    this.#trust();
    this.#end.abort();
    if (error instanceof Unreachable) this.#lost.abort();
    this.#rejectAll(error);
    this.#options.onTrouble(error, null);
  }

  #rejectAll(error: unknown): void {
    const waiting = [...this.#waiters.values()].flat();
    this.#waiters.clear();
    for (const waiter of waiting) waiter.reject(error);
  }

  #schedule(afterMs?: number): void {
    clearTimeout(this.#timer);
    if (this.closed) return;
    const shut = this.#shutUntil - Date.now();
    const report = REPORT_MS[0] + Math.random() * (REPORT_MS[1] - REPORT_MS[0]);
    const wait = afterMs ?? (this.#waiters.size > 0 && shut > 0 ? shut : report);
    this.#timer = setTimeout(() => {
      if (this.#waiters.size > 0 || this.#options.plan().moving) void this.#pump();
      else this.#schedule();
    }, wait);
  }
}

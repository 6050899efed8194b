/** Web's API as the player uses it: permission to hear, the playback session in the cloud, what recordings are. */
import { refusalOf, Refused, Unreachable } from "./trouble";
import { plain, type Gid, type GrantWire, type GrantsWire, type LyricsWire, type Operation, type PlayWire, type RecordingWire, type SessionWire } from "./wire";

/** A call that has not been answered after this long is lost. */
const ANSWER_MS = 20_000;

/** Recordings in one answer. */
const SOME_MAX = 50;

/** What to play: `queue` with `seed` and `index`, or the queue that is there from `entry` on. */
export interface PlayRequest {
  readonly queue?: readonly Gid[];
  readonly seed?: string;
  readonly index?: number;
  readonly shuffle?: boolean;
  readonly entry?: string | null;
  readonly position_ms?: number | null;
  /** the player's own stream that broke: whoever took over meanwhile is not interrupted */
  readonly continues?: { readonly stream: string; readonly sequence: number };
  /** the player's stream so far, which it closes itself */
  readonly replaces?: string;
  readonly rendition: string;
}

export class Session {
  readonly #recordings = new Map<Gid, RecordingWire>();
  readonly #asked = new Map<Gid, Promise<RecordingWire | null>>();
  readonly #lyrics = new Map<Gid, Promise<LyricsWire | null>>();
  #device: Gid | null = null;

  /** `reach` says which edges this page may connect to, as they were when it was loaded */
  constructor(readonly base: string, readonly reach = "") {}

  /** Permission to hear: a new queue from a place on, or the one that is there; with the first batch. */
  async play(request: PlayRequest): Promise<PlayWire> {
    const answer = await this.#call<PlayWire>("POST", "/play", { device: this.#device, reach: this.reach, ...request });
    this.#device = answer.device;
    this.#learn(answer.recordings);
    return answer;
  }

  #learn(recordings: GrantsWire["recordings"]): void {
    for (const recording of Object.values(recordings)) this.#recordings.set(plain(recording.gid), recording);
  }

  /** Grants for more recordings, and new tokens for old grants. */
  async grants(stream: string, recordings: readonly Gid[], renew: readonly string[]): Promise<readonly GrantWire[]> {
    const path = `/streams/${stream}/grants`;
    const answer = await this.#call<GrantsWire>("POST", path, { recordings, renew });
    this.#learn(answer.recordings);
    return answer.grants;
  }

  /** Take back grants of what will not be heard after all. */
  async cancel(stream: string, grants: readonly string[]): Promise<void> {
    await this.#call("POST", `/streams/${stream}/cancel`, { grants });
  }

  /** The session as the cloud has it; null when it cannot be had. */
  load(): Promise<SessionWire | null> {
    // A visitor without a session has none; an outage is told when they press play.
    return this.#call<SessionWire>("GET", "/session").catch(() => null);
  }

  /** Ask something of the session; the session as it is then. */
  edit(ops: readonly Operation[]): Promise<SessionWire> {
    return this.#call<SessionWire>("POST", "/session/ops", { ops });
  }

  /** The last word of a page that goes away: it outlives the page, and nobody waits for the answer. */
  say(ops: readonly Operation[]): void {
    void this.#call("POST", "/session/ops", { ops }, true).catch(() => undefined);
  }

  /** Keep how this or another device plays. */
  setDevice(gid: Gid, changes: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.#call("PATCH", `/devices/${gid}`, changes);
  }

  /** What is known of a recording without asking. */
  known(gid: Gid): RecordingWire | null {
    return this.#recordings.get(plain(gid)) ?? null;
  }

  /** A recording, asked for once; null when it cannot be had. */
  recording(gid: Gid): Promise<RecordingWire | null> {
    const known = this.known(gid);
    if (known) return Promise.resolve(known);
    const asked = this.#asked.get(gid) ?? this.#call<RecordingWire>("GET", `/recordings/${gid}`).then(
      (recording) => {
        this.#recordings.set(plain(gid), recording);
        return recording;
      },
      () => {
        this.#asked.delete(gid);
        return null;
      },
    );
    this.#asked.set(gid, asked);
    return asked;
  }

  /** How many recordings are known: whoever shows them looks again when there are more. */
  get knownCount(): number {
    return this.#recordings.size;
  }

  /** Come to know recordings, as many at once as web tells; what cannot be had is asked for by itself. */
  async some(gids: readonly Gid[]): Promise<void> {
    const missing = [...new Set(gids.map(plain))].filter((gid) => !this.#recordings.has(gid) && !this.#asked.has(gid));
    for (let at = 0; at < missing.length; at += SOME_MAX) {
      const part = missing.slice(at, at + SOME_MAX);
      const told = this.#call<{ items: readonly RecordingWire[] }>("GET", `/recordings/some?${part.map((gid) => `gid=${gid}`).join("&")}`).then(
        ({ items }) => {
          for (const recording of items) this.#recordings.set(plain(recording.gid), recording);
          if (items.length > 0) this.onLearn();
        },
        () => part.forEach((gid) => this.#asked.delete(gid)),
      );
      for (const gid of part) this.#asked.set(gid, told.then(() => this.known(gid)));
      await told;
    }
  }

  /** Recordings are known that were not. */
  onLearn: () => void = () => undefined;

  /** A recording's lyrics, asked for once; null when it has none. */
  lyrics(gid: Gid): Promise<LyricsWire | null> {
    const asked = this.#lyrics.get(gid) ?? this.#call<LyricsWire>("GET", `/recordings/${gid}/lyrics`).catch(() => {
      this.#lyrics.delete(gid);
      return null;
    });
    this.#lyrics.set(gid, asked);
    return asked;
  }

  /** Any other call of web's API. */
  ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    return this.#call<T>(method, path, body);
  }

  async #call<T>(method: string, path: string, body?: unknown, keepalive = false): Promise<T> {
    let response = await this.#send(method, path, body, keepalive);
    if (response.status === 403 && method !== "GET" && (await isCsrfRefusal(response)) && (await freshToken()))
      response = await this.#send(method, path, body, keepalive);
    if (!response.ok) throw await refusalOf(response);
    return (response.status === 204 ? null : await response.json()) as T;
  }

  async #send(method: string, path: string, body: unknown, keepalive: boolean): Promise<Response> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (method !== "GET") headers["X-CSRFToken"] = token();
    const text = body === undefined ? null : JSON.stringify(body);
    if (text !== null) headers["Content-Type"] = "application/json";
    try {
      return await fetch(this.base + path, {
        method,
        headers,
        keepalive,
        credentials: "same-origin",
        cache: "no-store",
        signal: AbortSignal.timeout(ANSWER_MS),
        ...(text === null ? {} : { body: text }),
      });
    } catch {
      throw new Unreachable();
    }
  }
}

/** The page's own token, where forms have theirs: the cookie is out of scripts' reach. */
function tokenFields(): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>("input[name=csrfmiddlewaretoken]")];
}

const token = (): string => tokenFields().at(-1)?.value ?? "";

async function isCsrfRefusal(response: Response): Promise<boolean> {
  const refused: Refused = await refusalOf(response.clone());
  return refused.code === "" || refused.code.includes("csrf") || /csrf/i.test(refused.message);
}

/** Signing in or out changes the token under a player that stays: read a new one from a page. */
async function freshToken(): Promise<boolean> {
  try {
    const response = await fetch("/playing", { credentials: "same-origin", cache: "no-store" });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value;
    if (!fresh || fresh === token()) return false;
    for (const field of tokenFields()) field.value = fresh;
    return true;
  } catch {
    return false;
  }
}

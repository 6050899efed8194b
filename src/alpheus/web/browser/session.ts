/** Web's API as the player uses it: permission to hear, the playback session in the cloud, what recordings are. */
import { refusalOf, Refused, Unreachable } from "./trouble";
import { plain, type Gid, type GrantWire, type LyricsWire, type PlayWire, type RecordingWire, type SessionWire } from "./wire";

/** A call that has not been answered after this long is lost. */
const ANSWER_MS = 20_000;

/** Browsers refuse to send more than 64 KiB beyond the life of a page: a queue of some 1,700 is sent as other calls are. */
const KEPT_ALIVE_MAX = 60_000;

export interface PlayRequest {
  readonly queue: readonly Gid[];
  readonly index: number;
  readonly positionMs: number;
  readonly rendition: string;
  /** a stream whose edge is gone, and the last sequence that it answered */
  readonly continues?: { readonly stream: string; readonly sequence: number } | undefined;
}

export class Session {
  readonly #recordings = new Map<Gid, RecordingWire>();
  readonly #asked = new Map<Gid, Promise<RecordingWire | null>>();
  readonly #lyrics = new Map<Gid, Promise<LyricsWire | null>>();
  #device: Gid | null = null;

  /** `reach` says which edges this page may connect to, as they were when it was loaded */
  constructor(readonly base: string, readonly reach = "") {}

  /** Permission to hear a queue from a place on, with the first batch. */
  async play(request: PlayRequest): Promise<PlayWire> {
    const answer = await this.#call<PlayWire>("POST", "/play", {
      device: this.#device,
      queue: request.queue,
      index: request.index,
      position_ms: Math.round(request.positionMs),
      rendition: request.rendition,
      reach: this.reach,
      ...(request.continues ? { continues: request.continues } : {}),
    });
    this.#device = answer.device;
    for (const recording of Object.values(answer.recordings)) this.#recordings.set(plain(recording.gid), recording);
    return answer;
  }

  /** Grants for more recordings, and new tokens for old grants. */
  async grants(stream: string, recordings: readonly Gid[], renew: readonly string[]): Promise<readonly GrantWire[]> {
    const path = `/streams/${stream}/grants`;
    return (await this.#call<{ grants: readonly GrantWire[] }>("POST", path, { recordings, renew })).grants;
  }

  /** Take back grants of what will not be heard after all. */
  async cancel(stream: string, grants: readonly string[]): Promise<void> {
    await this.#call("POST", `/streams/${stream}/cancel`, { grants });
  }

  /** The queue and position as the cloud knows them; null when there is none. */
  async load(): Promise<SessionWire | null> {
    try {
      const session = await this.#call<SessionWire | null>("GET", "/session");
      return session && session.queue.length > 0 ? session : null;
    } catch {
      return null; // A visitor without a session has none; an outage is told when they press play.
    }
  }

  /** Keep queue and position in the cloud. Outlives the page; a failure costs nothing but this save. */
  save(session: SessionWire): void {
    void this.#call("PUT", "/session", session, true).catch(() => undefined);
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
        keepalive: keepalive && (text?.length ?? 0) < KEPT_ALIVE_MAX,
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

/** What can go wrong while music plays, as one small vocabulary. The sentences stand in the page (player-words). */

/** - offline: the device has no network
 *  - unreachable: web or edge does not answer, while the device says it has a network
 *  - refused: web or edge will not let this be heard
 *  - ended: the permission to hear was taken back (signed out, refunded, disputed)
 *  - busy: the edge's gate is shut for some seconds
 *  - decoder: the browser cannot decode what came
 *  - blocked: the browser wants a press before it makes a sound
 *  - unready: the recording is still being prepared
 *  - unsupported: the browser has no Media Source */
export type TroubleKind =
  | "offline" | "unreachable" | "refused" | "ended" | "busy" | "decoder" | "blocked" | "unready" | "unsupported";

export interface Trouble {
  readonly kind: TroubleKind;
  /** what the other side wrote, for people; may be empty */
  readonly detail: string;
  /** seconds until it is tried again, or null when the listener must do something */
  readonly retrySeconds: number | null;
}

/** An answer that is not a success: machine-readable `code` (problem+json), or "" when there was none. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly waitSeconds: number | null = null,
    /** with `sequence_stale`: where the stream is */
    readonly sequence: number | null = null,
  ) {
    super(detail || `${status} ${code}`);
  }
}

/** Nothing came back at all: no network, or nobody there. */
export class Unreachable extends Error {}

/** Read an answer's problem, whatever its form. */
export async function refusalOf(response: Response): Promise<Refused> {
  let problem: Record<string, unknown> = {};
  try {
    problem = (await response.json()) as Record<string, unknown>;
  } catch {
    // A proxy's page instead of a problem: the status has to do.
  }
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  const after = Number(response.headers.get("retry-after"));
  const wait = typeof problem["wait_seconds"] === "number" ? problem["wait_seconds"] : after > 0 ? after : null;
  const sequence = typeof problem["sequence"] === "number" ? problem["sequence"] : null;
  return new Refused(response.status, text(problem["code"]), text(problem["detail"]) || text(problem["title"]), wait, sequence);
}

/** Which trouble a failure is. */
export function troubleOf(error: unknown, online: boolean, retrySeconds: number | null): Trouble {
  const detail = error instanceof Error ? error.message : "";
  if (error instanceof Refused) {
    if (error.code === "over_budget") return { kind: "busy", detail, retrySeconds: error.waitSeconds ?? retrySeconds };
    if (error.code === "grant_cancelled") return { kind: "ended", detail, retrySeconds: null };
    if (error.code === "not_ready") return { kind: "unready", detail, retrySeconds };
    if (error.code === "segment_corrupt") return { kind: "refused", detail, retrySeconds: null };
    if (error.status >= 500) return { kind: "unreachable", detail, retrySeconds };
    if (error.status === 429) return { kind: "busy", detail, retrySeconds: error.waitSeconds ?? retrySeconds };
    return { kind: "refused", detail, retrySeconds: null };
  }
  return { kind: online ? "unreachable" : "offline", detail: "", retrySeconds };
}

/** How long to wait before try number `attempt` (from 0), in ms: doubling from 0.4 s to 2 s, spread by a tenth each way.
 *
 * An edge that was down for longer than the music held is met again within 2.2 s of its return. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  return Math.min(400 * 2 ** attempt, 2_000) * (0.9 + random() * 0.2);
}

/** Whoever waits to try again hears of it when somebody else got through. */
const answers = new EventTarget();
const ANSWERED = "answered";

/** A request was answered after it had failed: all who wait try now. */
export const tellAnswered = (): boolean => answers.dispatchEvent(new Event(ANSWERED));

/** Wait, but no longer than until the network is back, another got through, or the wait is given up. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      globalThis.removeEventListener?.("online", done);
      answers.removeEventListener(ANSWERED, done);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    globalThis.addEventListener?.("online", done);
    answers.addEventListener(ANSWERED, done);
    signal?.addEventListener("abort", done);
    if (signal?.aborted) done();
  });
}

/** fetch, lost when no answer has begun after `ms`, and doubted before; its body may take as long as it takes. */
export async function fetchBegun(
  input: string, init: RequestInit & { signal: AbortSignal }, ms: number, doubt: { ms: number; then: () => void },
): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ms);
  const doubting = setTimeout(doubt.then, doubt.ms);
  try {
    return await fetch(input, { ...init, signal: AbortSignal.any([init.signal, late.signal]) });
  } finally {
    clearTimeout(timer);
    clearTimeout(doubting);
  }
}

/** Hears of the session's changes: one connection a browser, led by one tab that tells the others.
 *
 * Tabs queue for a Web Lock; who holds it keeps the connection and hands on what it hears by BroadcastChannel. Where there
 * are no Web Locks (a plain http page that is not localhost) each tab that is seen, or plays, has a connection of its own.
 * A connection that is silent for three beats is lost, whatever the browser thinks of it.
 */
import type { SessionWire } from "./wire";

const NAME = "alpheus.live";
const SILENT_MS = 46_000;
const LOOK_MS = 5_000;
const AGAIN_MS = [1_000, 30_000] as const;

export interface LiveOptions {
  readonly address: string;
  /** Whether this tab has to hear although nobody looks at it: it plays. */
  readonly keepsHearing: () => boolean;
  readonly onSession: (wire: SessionWire) => void;
  readonly onLead: (leads: boolean) => void;
  readonly onSignedOut: () => void;
}

export interface Live {
  /** Somebody else is signed in: whom the connection belongs to has changed. */
  restart(): void;
}

type Told = { session: SessionWire } | { signedOut: true } | { asks: true };

export function startLive(options: LiveOptions): Live {
  const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(NAME) : null;
  const line = new Line(options.address, (told) => {
    channel?.postMessage(told);
    obey(told);
  });

  function obey(told: Told): void {
    if ("session" in told) options.onSession(told.session);
    else if ("signedOut" in told) options.onSignedOut();
    else if (line.last) channel?.postMessage({ session: line.last });
  }

  channel?.addEventListener("message", ({ data }) => obey(data as Told));
  const locks = navigator.locks as LockManager | undefined;
  if (locks) lead(locks, line, options.onLead);
  else whileSeen(line, options);
  channel?.postMessage({ asks: true });
  return { restart: () => line.restart() };
}

/** Keep the connection while holding the lock; give it away when the page leaves, also for the browser's memory. */
function lead(locks: LockManager, line: Line, onLead: (leads: boolean) => void): void {
  let leave: () => void = () => undefined;
  let waiting = new AbortController();
  const stand = (): void => {
    waiting = new AbortController();
    void locks
      .request(NAME, { signal: waiting.signal }, () => {
        line.open();
        onLead(true);
        return new Promise<void>((resolve) => (leave = resolve));
      })
      .catch(() => undefined);
  };
  stand();
  addEventListener("pagehide", () => {
    line.close();
    onLead(false);
    waiting.abort();
    leave();
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) stand();
  });
}

function whileSeen(line: Line, { keepsHearing, onLead }: LiveOptions): void {
  const look = (): void => {
    const wanted = !document.hidden || keepsHearing();
    onLead(!document.hidden);
    if (wanted) line.open();
    else line.close();
  };
  look();
  document.addEventListener("visibilitychange", look);
  setInterval(look, LOOK_MS);
  addEventListener("pagehide", () => line.close());
}

/** One connection, and how it comes back. */
class Line {
  last: SessionWire | null = null;
  readonly #address: string;
  readonly #tell: (told: Told) => void;
  #source: EventSource | null = null;
  #wanted = false;
  #heardAt = 0;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(address: string, tell: (told: Told) => void) {
    this.#address = address;
    this.#tell = tell;
    setInterval(() => this.#look(), LOOK_MS);
    for (const sign of ["online", "pageshow"]) addEventListener(sign, () => this.#look(true));
    document.addEventListener("visibilitychange", () => !document.hidden && this.#look(true));
  }

  open(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#connect();
  }

  close(): void {
    this.#wanted = false;
    this.#disconnect();
  }

  restart(): void {
    this.last = null;
    if (this.#wanted) this.#connect();
  }

  #disconnect(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #connect(): void {
    this.#disconnect();
    this.#heardAt = performance.now();
    const source = new EventSource(this.#address);
    this.#source = source;
    source.addEventListener("session", ({ data }) => this.#hear(JSON.parse(data as string) as SessionWire));
    source.addEventListener("beat", () => this.#alive());
    source.addEventListener("signed_out", () => this.#tell({ signedOut: true }));
    source.addEventListener("error", () => {
      // While it says "connecting" the browser comes back by itself; an error status ends that.
      if (source.readyState === EventSource.CLOSED && this.#source === source) this.#later();
    });
  }

  #later(): void {
    this.#disconnect();
    const waitMs = Math.min(AGAIN_MS[0] * 2 ** this.#failures++, AGAIN_MS[1]) * (0.8 + Math.random() * 0.4);
    this.#timer = setTimeout(() => this.#wanted && this.#connect(), waitMs);
  }

  #alive(): void {
    this.#heardAt = performance.now();
    this.#failures = 0;
  }

  #hear(wire: SessionWire): void {
    this.#alive();
    // Entries that are as before do not travel again; who is told now may not have heard of them.
    this.last = { ...wire, entries: wire.entries ?? this.last?.entries ?? null };
    this.#tell({ session: this.last });
  }

  /** Come back from sleep or from a lost network, which no error tells of. */
  #look(returned = false): void {
    if (!this.#wanted) return;
    const silentMs = performance.now() - this.#heardAt;
    if (silentMs > SILENT_MS || (returned && (!this.#source || silentMs > SILENT_MS / 2))) this.#connect();
  }
}

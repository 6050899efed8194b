/** The session in the cloud as this page knows it, and what the page asks of it.
 *
 * What is asked goes out in order, one request at a time, and again until it is answered: operations name entries and
 * seeds, so that asking twice is asking once. Where the music is elsewhere is counted on by this page's own monotonic
 * clock from the moment of the answer: no two machines' clocks are compared.
 */
import type { Session } from "./session";
import { backoffMs, pause, Refused } from "./trouble";
import type { DeviceWire, Operation, SessionWire } from "./wire";

/** Operations in one request. */
const TOGETHER_MAX = 50;

export class Cloud {
  readonly #session: Session;
  readonly #onAnswer: (wire: SessionWire) => void;
  readonly #onRefused: (refused: Refused) => void;
  #known: SessionWire | null = null;
  #knownAt = 0;
  #waiting: Operation[] = [];
  #sent: ReadonlySet<Operation> = new Set();
  #busy = false;
  #after: Promise<unknown> = Promise.resolve();

  constructor(session: Session, onAnswer: (wire: SessionWire) => void, onRefused: (refused: Refused) => void) {
    this.#session = session;
    this.#onAnswer = onAnswer;
    this.#onRefused = onRefused;
  }

  get known(): SessionWire | null {
    return this.#known;
  }

  /** Something was asked that is not answered yet: what is told meanwhile may not know of it. */
  get isAsking(): boolean {
    return this.#waiting.length > 0;
  }

  /** Milliseconds into what plays, wherever it does. */
  get positionMs(): number {
    if (!this.#known) return 0;
    return this.#known.position_ms + (this.#known.playing ? performance.now() - this.#knownAt : 0);
  }

  device(gid: string | null): DeviceWire | null {
    return this.#known?.devices.find((it) => it.gid === gid) ?? null;
  }

  /** Take what web says; false when something newer was known already. */
  take(wire: SessionWire): boolean {
    if (this.#known && this.#known.id === wire.id && wire.version < this.#known.version) return false;
    this.#known = wire;
    this.#knownAt = performance.now();
    return true;
  }

  /** The session as web has it; null when it cannot be had, or when another one began while that was asked. */
  async load(): Promise<SessionWire | null> {
    const before = this.#known?.id;
    const wire = await this.#session.load();
    return this.#known?.id === before ? wire : null;
  }

  /** What is asked from now on waits until something else is answered. */
  after(answered: Promise<unknown>): void {
    this.#after = answered.catch(() => undefined);
  }

  ask(operation: Operation): void {
    // Of reports that wait only the last says anything.
    if (operation.op === "report") this.#waiting = this.#waiting.filter((it) => it.op !== "report" || this.#sent.has(it));
    this.#waiting.push(operation);
    void this.#pump();
  }

  async #pump(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let attempt = 0; this.#waiting.length > 0; ) {
        await this.#after;
        const asked = this.#waiting.slice(0, TOGETHER_MAX);
        const waitMs = await this.#send(asked, attempt);
        if (waitMs === null) attempt = 0;
        else {
          attempt += 1;
          await pause(waitMs);
        }
      }
    } finally {
      this.#busy = false;
    }
  }

  /** Null when that was answered, else how long to wait before asking again. */
  async #send(asked: readonly Operation[], attempt: number): Promise<number | null> {
    this.#sent = new Set(asked);
    const done = (): void => {
      this.#waiting = this.#waiting.filter((it) => !asked.includes(it));
    };
    try {
      const wire = await this.#session.edit(asked);
      done();
      this.#onAnswer(wire);
      return null;
    } catch (error) {
      const passing = !(error instanceof Refused) || error.status >= 500 || error.status === 429;
      if (passing) return Math.max(backoffMs(attempt), error instanceof Refused ? (error.waitSeconds ?? 0) * 1000 : 0);
      done();
      this.#onRefused(error);
      return null;
    }
  }
}

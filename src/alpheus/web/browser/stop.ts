/** When the music stops by itself: after a while, or after what plays.
 *
 * The session in the cloud keeps it, so that it is true wherever the music goes and whichever device was told. The device
 * that plays then does it, by its own monotonic clock: it stops in time without a network too.
 *
 * Loaded by the first page that is told, or asked, to stop.
 */
import type { Player } from "./player";
import type { SessionWire } from "./wire";

const MINUTE_MS = 60_000;

export class Stop {
  readonly #player: Player;
  #seen: SessionWire | null = null;
  #until: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** minutes that were chosen here, as the button that shows them says */
  #chosen = "";

  constructor(player: Player) {
    this.#player = player;
    player.onChange(() => this.#follow());
    this.#follow();
  }

  /** Minutes left, rounded up; null when it does not go by time. */
  get minutes(): number | null {
    const leftMs = this.#until === null ? 0 : this.#until - performance.now();
    return leftMs > 0 ? Math.ceil(leftMs / MINUTE_MS) : null;
  }

  /** What was chosen: "off", "end" for what plays, minutes; nothing where another device chose how long. */
  get choice(): string {
    if (this.minutes !== null) return this.#chosen;
    return this.#player.stopsAfter === null ? "off" : "end";
  }

  /** Choose as `choice` says it. */
  set(choice: string): void {
    const afterMs = Number(choice) * MINUTE_MS;
    const after_ms = afterMs > 0 ? afterMs : null;
    const entry = choice === "end" ? this.#player.queue.at : null;
    this.#chosen = choice;
    this.#obey(after_ms, entry);
    this.#player.ask({ op: "stop", after_ms, entry });
  }

  /** What the session says, once nothing is being asked of it. */
  #follow(): void {
    const { cloud } = this.#player;
    if (!cloud || cloud === this.#seen || this.#player.isAsking) return;
    this.#seen = cloud;
    const before = this.#until;
    this.#obey(cloud.stops_in_ms, cloud.stops_after);
    // Chosen anew on another device: what was chosen here is not how long it is.
    if (before === null || this.#until === null || Math.abs(this.#until - before) > MINUTE_MS / 2) this.#chosen = "";
  }

  #obey(afterMs: number | null, entry: string | null): void {
    clearTimeout(this.#timer);
    this.#player.stopAfter(entry);
    this.#until = afterMs === null ? null : performance.now() + afterMs;
    if (afterMs !== null) this.#timer = setTimeout(() => this.#end(), afterMs);
  }

  #end(): void {
    this.#until = null;
    const { remote, state } = this.#player;
    if (!remote && (state === "playing" || state === "starting")) this.#player.pause();
  }
}

let stop: Stop | null = null;

/** The page's one. */
export const stopOf = (player: Player): Stop => (stop ??= new Stop(player));

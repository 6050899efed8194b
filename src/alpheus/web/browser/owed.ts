/** What a device owes while it plays: to obey the system's controls, to say what it holds, to empty itself and to fall silent when asked to.
 *
 * It imports nothing that the page has already: that is handed in.
 */
import type { secondsIn, storedBytes } from "./memory";
import type { Player } from "./player";
import { stopOf } from "./stop";
import { startSystem } from "./system";

/** How often a device that plays says what it holds, and how soon after it began. */
const HELD_MS = 300_000;
const HELD_FIRST_MS = 20_000;

export interface Means {
  /** empties all stores of this site */
  readonly clean: () => Promise<unknown>;
  readonly leapSeconds: number;
  readonly secondsIn: typeof secondsIn;
  readonly storedBytes: typeof storedBytes;
}

export function startOwed(player: Player, { clean, leapSeconds, secondsIn, storedBytes }: Means): void {
  stopOf(player);
  startSystem(player, leapSeconds);
  let saidAt = -Infinity;
  let cleaning = false;
  const say = async (cleaned: boolean): Promise<void> => {
    const you = player.cloud?.you;
    if (!you) return;
    const { music } = await storedBytes();
    const held = { stored_bytes: music, memory_ms: Math.round(secondsIn(player.loop.held) * 1000), cleaned };
    await player.session.ask("POST", `/devices/${you}/held`, held).catch(() => undefined);
  };
  setInterval(() => {
    if (player.state !== "playing" || player.remote || performance.now() - saidAt < HELD_MS) return;
    saidAt = performance.now();
    void say(false);
  }, HELD_FIRST_MS);
  const empty = (): void => {
    const you = player.cloud?.devices.find(({ gid }) => gid === player.cloud?.you);
    if (!you?.clean_asked_at || cleaning) return;
    cleaning = true;
    void clean().then(() => say(true)).finally(() => (cleaning = false));
  };
  player.onChange(empty);
  empty();
}

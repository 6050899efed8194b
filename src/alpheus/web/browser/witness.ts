/** `window.alpheus`: a read-only view of the player, for tests and the curious. It changes nothing.
 *
 * `element` is the one <audio>; capture its sound to hear what the listener hears. `placements` tell where each
 * recording lies on the element's timeline, so that a captured sample can be named: recording time in seconds is
 * `element.currentTime - origin`.
 */
import { secondsIn } from "./memory";
import type { Player } from "./player";

export interface Witness {
  readonly element: HTMLAudioElement;
  readonly state: string;
  /** gid of what sounds or would, 32 hexadecimal digits */
  readonly recording: string | null;
  /** seconds into it */
  readonly position: number;
  readonly trouble: string | null;
  readonly stats: {
    /** seconds of sound in the media buffer, behind and ahead */
    readonly secondsInMemory: number;
    /** bytes appended so far, init segments excluded */
    readonly bytesAppended: number;
    readonly segmentsAppended: number;
    /** borders between recordings that were crossed while playing */
    readonly joins: number;
  };
  readonly placements: readonly {
    readonly recording: string;
    readonly rendition: string;
    readonly rateHz: number;
    readonly samples: number;
    readonly origin: number;
    readonly start: number;
    readonly end: number;
  }[];
}

/** Put the view on the window. */
export function watchFrom(player: Player): void {
  const witness: Witness = Object.freeze({
    element: player.element,
    get state() {
      return player.state;
    },
    get recording() {
      return player.gid;
    },
    get position() {
      return player.position;
    },
    get trouble() {
      return player.trouble?.kind ?? null;
    },
    get stats() {
      const { bytes, segments, joins } = player.loop.stats;
      const secondsInMemory = secondsIn(player.loop.held);
      return { secondsInMemory, bytesAppended: bytes, segmentsAppended: segments, joins };
    },
    get placements() {
      return player.loop.placements.map(({ track, origin, start, end }) => ({
        recording: track.recording,
        rendition: track.rendition,
        rateHz: track.rateHz,
        samples: track.samples,
        origin,
        start,
        end,
      }));
    },
  });
  Object.defineProperty(window, "alpheus", { value: witness, enumerable: true });
}

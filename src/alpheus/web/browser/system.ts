/** The system's own controls: keys, headsets, the lock screen (Media Session). */
import type { Player } from "./player";

/** Obey them, and tell them what plays. */
export function startSystem(player: Player, leapSeconds: number): void {
  const { mediaSession } = navigator;
  if (!mediaSession) return;
  const on = (action: MediaSessionAction, handler: MediaSessionActionHandler): void => {
    try {
      mediaSession.setActionHandler(action, handler);
    } catch {
      // An action that this browser does not know.
    }
  };
  on("play", () => player.resume());
  on("pause", () => player.pause());
  on("stop", () => player.pause());
  on("nexttrack", () => player.next());
  on("previoustrack", () => player.previous());
  on("seekbackward", ({ seekOffset }) => player.seek(player.position - (seekOffset ?? leapSeconds)));
  on("seekforward", ({ seekOffset }) => player.seek(player.position + (seekOffset ?? leapSeconds)));
  on("seekto", ({ seekTime }) => {
    if (seekTime != null) player.seek(seekTime);
  });
  player.onChange(() => tell(player, mediaSession));
  tell(player, mediaSession);
}

let told = "";

function tell(player: Player, mediaSession: MediaSession): void {
  const { recording, position, duration, state } = player;
  if (recording && recording.gid !== told) {
    told = recording.gid;
    const { cover, title, credit, release } = recording;
    const folder = cover?.url.replace(/[^/]*$/, "");
    const artwork = (cover?.widths ?? []).map((width) => ({ src: `${folder}${width}.jpg`, sizes: `${width}x${width}`, type: "image/jpeg" }));
    mediaSession.metadata = new MediaMetadata({ title, artist: credit.name, album: release?.title ?? "", artwork });
  }
  // The system counts on from here by itself. Firefox throws where position exceeds duration by rounding.
  if (duration > 0) mediaSession.setPositionState?.({ duration, position: Math.min(position, duration), playbackRate: 1 });
  const paused = state === "paused" || state === "ended";
  mediaSession.playbackState = state === "empty" ? "none" : paused ? "paused" : "playing";
}

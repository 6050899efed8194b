/** What travels between the player, web's API and an edge, as docs/protocol.md defines it. */

import type { Entry } from "./queue";

/** A recording's gid: 32 hexadecimal digits or a dashed UUID, as web wrote it. */
export type Gid = string;

/** How an edge describes one rendition of a granted recording. Counts are samples at `rate_hz`. */
export interface TrackWire {
  readonly recording: Gid;
  readonly rendition: string;
  readonly mime: string;
  readonly rate_hz: number;
  readonly samples: number;
  readonly delay_samples: number;
  readonly segment_samples: number;
  readonly segments: number;
  /** base64 of the initialisation segment; it travels once a stream and again when asked for by `describe` */
  readonly init?: string;
  /** the samples that may be heard: first, and the one after the last */
  readonly window: readonly [number, number];
}

/** A segment that may be fetched and how it is opened; the same for every strategy once it has been read. */
export interface Release {
  readonly grant: string;
  readonly rendition: string;
  readonly segment: number;
  /** path and query, from the edge's address */
  readonly url: string;
  readonly key: Uint8Array<ArrayBuffer>;
  readonly iv: Uint8Array<ArrayBuffer>;
}

export interface Refusal {
  readonly grant: string;
  readonly code: string;
  readonly detail?: string;
}

/** An edge's answer to one POST. `released` has the form that `strategy` gives it. */
export interface BatchAnswer {
  readonly sequence: number;
  readonly epoch: number;
  readonly strategy: string;
  readonly tracks?: Readonly<Record<string, TrackWire>>;
  readonly released?: unknown;
  readonly refused?: readonly Refusal[];
  readonly gate?: { readonly released_ahead_seconds?: number; readonly wait_seconds?: number };
}

export interface Want {
  readonly grant: string;
  readonly rendition: string;
  readonly segment: number;
}

export interface Playhead {
  readonly grant: string;
  readonly sample: number;
}

/** A grant as web hands it out. */
export interface GrantWire {
  readonly id: string;
  readonly token: string;
  readonly recording: Gid;
  readonly preview: boolean;
  readonly window_ms: readonly [number, number] | null;
  readonly expires_at: string;
}

/** The answer to asking for more grants. */
export interface GrantsWire {
  readonly grants: readonly GrantWire[];
  readonly recordings: Readonly<Record<Gid, RecordingWire>>;
}

export interface CreditWire {
  readonly name: string;
  readonly artists: readonly { gid: Gid; name: string; language?: string; join_phrase?: string }[];
}

export interface CoverWire {
  readonly digest: string;
  readonly hue: number;
  readonly chroma: number;
  readonly placeholder?: string;
  readonly widths: readonly number[];
  readonly url: string;
}

export interface RecordingWire {
  readonly gid: Gid;
  readonly title: string;
  readonly language?: string;
  readonly credit: CreditWire;
  readonly release: { gid: Gid; title: string; language?: string } | null;
  readonly duration_ms: number;
  readonly rate_hz: number | null;
  readonly samples: number | null;
  readonly loudness: LoudnessWire | null;
  readonly cover: CoverWire | null;
  readonly peaks: string | null;
  readonly has_lyrics: boolean;
  readonly speech?: boolean;
  readonly explicit?: boolean | null;
  /** until then everybody hears a preview */
  readonly appears_at?: string | null;
  readonly state: "ready" | "working" | "waiting" | "refused";
  readonly renditions: readonly string[];
}

export interface LoudnessWire {
  readonly track_lufs: number | null;
  readonly track_peak_dbtp: number | null;
  readonly album_lufs: number | null;
  readonly album_peak_dbtp: number | null;
}

export interface LyricsWire {
  readonly form: "plain" | "lrc" | "enhanced";
  readonly language: string;
  readonly lines: readonly LyricLine[];
}

export interface LyricLine {
  readonly start_ms: number | null;
  readonly text: string;
}

export interface PlayWire {
  readonly stream: string;
  readonly device: Gid | null;
  readonly edge: string;
  readonly grants: readonly GrantWire[];
  readonly batch: BatchAnswer | null;
  readonly recordings: Readonly<Record<Gid, RecordingWire>>;
  readonly session: SessionWire;
}

/** One of the listener's devices. */
export interface DeviceWire {
  readonly gid: Gid;
  readonly name: string;
  readonly kind: string;
  readonly phone: boolean;
  readonly hears: boolean;
  readonly volume: number;
  readonly muted: boolean;
  readonly quality: string;
  readonly loudness: string;
  readonly clean_asked_at: string | null;
}

/** The playback session at the moment in which web answered. */
export interface SessionWire {
  readonly id: number | null;
  readonly version: number;
  readonly directed: number;
  readonly entry: string | null;
  readonly index: number;
  readonly position_ms: number;
  readonly playing: boolean;
  readonly stream: string | null;
  readonly alone: boolean;
  readonly device: Gid | null;
  readonly you: Gid | null;
  readonly live: boolean;
  readonly devices: readonly DeviceWire[];
  readonly shuffle: boolean;
  readonly repeat: "off" | "all" | "one";
  readonly length: number;
  readonly offset: number;
  /** null in an event where they are as before */
  readonly entries: readonly Entry[] | null;
  readonly first: Entry | null;
  readonly last: Entry | null;
  readonly stops_in_ms: number | null;
  /** the entry after which it stops, while that plays */
  readonly stops_after: string | null;
}

/** What may be asked of the session (docs/session.md). */
export type Operation =
  | { op: "insert"; seed: string; recordings: readonly Gid[]; after?: string | null }
  | { op: "remove"; entries: readonly string[] }
  | { op: "move"; entry: string; after?: string | null; before?: string | null }
  | { op: "clear" | "play" | "pause" | "next" | "previous" }
  | { op: "shuffle"; on: boolean }
  | { op: "repeat"; repeat: "off" | "all" | "one" }
  | { op: "stop"; after_ms: number | null; entry: string | null }
  | { op: "report"; stream: string; entry: string; position_ms: number; playing: boolean; heard: number }
  | { op: "seek"; position_ms: number }
  | { op: "jump"; entry: string }
  | { op: "transfer"; device: Gid };

/** One spelling for a gid, whatever dashes and capitals it came with. */
export const plain = (gid: Gid): Gid => gid.replace(/-/g, "").toLowerCase();

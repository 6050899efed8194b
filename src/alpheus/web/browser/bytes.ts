/** Bytes and their spelling. Pure. */

export type Bytes = Uint8Array<ArrayBuffer>;

/** Read base64, plain or URL-safe, padded or not. */
export function fromBase64(text: string): Bytes {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  const bytes = new Uint8Array(plain.length);
  for (let at = 0; at < plain.length; at++) bytes[at] = plain.charCodeAt(at);
  return bytes;
}

/** Join two runs of bytes into a new one. */
export function joined(first: Bytes, second: Bytes): Bytes {
  if (first.length === 0) return second;
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** What the player reads of a grant's token. Its signature is the edge's business. */
export interface Claims {
  /** `exp - iat` in ms: its span, because a listener's clock may be hours away from the server's */
  readonly lifetimeMs: number;
  /** names of the renditions that were ready when it was signed */
  readonly renditions: readonly string[];
  /** samples that may be heard: first, and the one after the last; null when unread */
  readonly window: readonly [number, number] | null;
}

/** Read a grant's token (JWT). What cannot be read gets a value that does no harm. */
export function claimsOf(token: string): Claims {
  const { exp, iat, rnd, win } = payloadOf(token) as { exp?: unknown; iat?: unknown; rnd?: unknown; win?: unknown };
  const known = typeof exp === "number" && typeof iat === "number" && exp > iat;
  return {
    lifetimeMs: known ? ((exp as number) - (iat as number)) * 1000 : 600_000,
    renditions: Array.isArray(rnd) ? rnd.filter((name) => typeof name === "string") : [],
    window: Array.isArray(win) && win.length === 2 ? [Number(win[0]), Number(win[1])] : null,
  };
}

function payloadOf(token: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(fromBase64(token.split(".")[1] ?? ""))) ?? {};
  } catch {
    return {};
  }
}

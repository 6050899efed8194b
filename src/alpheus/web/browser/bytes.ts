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

/** When a signed token ends, in ms after it was issued: `exp - iat` of a JWT, or null when it cannot be read.
 *
 * Its own span is used instead of its moment, because a listener's clock may be hours away from the server's. */
export function tokenLifetimeMs(token: string): number | null {
  try {
    const claims: unknown = JSON.parse(new TextDecoder().decode(fromBase64(token.split(".")[1] ?? "")));
    const { exp, iat } = claims as { exp?: unknown; iat?: unknown };
    return typeof exp === "number" && typeof iat === "number" && exp > iat ? (exp - iat) * 1000 : null;
  } catch {
    return null;
  }
}

/** One file on its way to the studio by tus 1.0: patient with networks, quick with servers that say no. */
import { Upload, type DetailedError } from "tus-js-client";

/** Between tries, in ms: patient, because a phone in a tunnel comes back. */
const RETRIES_MS = [0, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 30_000, 60_000, 60_000, 120_000];
const MB = 1_000_000;

export interface Told {
  /** where it goes on, if it was begun */
  readonly at: string | null;
  readonly onBegun?: () => void;
  readonly onProgress: (sent: number, all: number) => void;
  readonly onWaiting: () => void;
  readonly onError: (error: Error) => void;
  readonly onSuccess: () => void;
}

/** An upload that is yet to be started; `facts` are the data of its section in the page. */
export function send(file: File, facts: DOMStringMap, metadata: Record<string, string>, told: Told): Upload {
  return new Upload(file, {
    endpoint: facts["upload"] ?? facts["sendMany"] ?? "",
    ...(told.at ? { uploadUrl: told.at } : {}),
    metadata,
    headers: { "X-CSRFToken": facts["csrf"] ?? "", "Accept-Language": facts["language"] ?? "en" },
    retryDelays: RETRIES_MS,
    storeFingerprintForResuming: false,
    onUploadUrlAvailable: () => told.onBegun?.(),
    onProgress: told.onProgress,
    onShouldRetry: (error) => {
      const status = (error as DetailedError).originalResponse?.getStatus() ?? 0;
      // Answers that say no say it again; silence, busy and a server that starts anew do not.
      const again = status === 0 || status === 409 || status === 423 || status === 429 || status >= 500;
      if (again) told.onWaiting();
      return again;
    },
    onError: told.onError,
    onSuccess: told.onSuccess,
  });
}

/** How much of a file is there, in words that name {done} and {all}. */
export const told = (words: string, sent: number, all: number): string =>
  words.replace("{done}", (sent / MB).toFixed(1)).replace("{all}", (all / MB).toFixed(1));

/** The server's own sentence where it has one: it is in the page's language. */
export function sentence(error: Error): string {
  try {
    return (JSON.parse((error as DetailedError).originalResponse?.getBody() ?? "{}") as { detail?: string }).detail ?? "";
  } catch {
    return ""; // Not a problem of ours.
  }
}

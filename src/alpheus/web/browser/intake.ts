/**
 * Sends a catalogue's files to the studio: a whole folder, each file an upload of the row that names it, or one zip.
 *
 * Which file is whose the server says, by the sheet's names. Nothing is kept in the browser: choosing the same folder again, in
 * whatever browser, sends what is not there yet. Two files travel at once; where the account has no more room here the
 * next waits until one is prepared.
 */
import type { Upload } from "tus-js-client";
import { type Dropped, takeDropped } from "./dropping";
import { send, sentence, told } from "./sending";

const AT_ONCE = 2;
const ROOM_MS = 15_000;
/** Between tries to begin a file while there is no room for it. */
const TOLD_MAX = 50;
const ZIP = /\.zip$/i;

interface Place {
  readonly path: string;
  readonly submission: string;
  readonly track: string | null;
  readonly upload: string | null;
  readonly length: number;
  readonly is_here: boolean;
}

interface Sorted {
  readonly places: Place[];
  readonly missing: { row: number; file: string }[];
  readonly several: Record<string, string[]>;
  readonly superfluous: string[];
  readonly covers_missing: string[];
}

let following = false;
let queue: { file: File; place: Place }[] = [];
let all = 0;
let done = 0;
const under_way = new Set<Upload>();

const section = (): HTMLElement | null => document.querySelector<HTMLElement>("[data-intake]");
const word = (name: string): string => section()?.dataset[name] ?? "";

/** Follow the page; it may have been swapped since the last call. */
export function follow(): void {
  if (following) return;
  following = true;
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "file" || !input.closest("[data-intake]") || !input.files?.length) return;
    void choose([...input.files].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
    input.value = "";
  });
  takeDropped("[data-intake] [data-drop]", (found) => void choose(found));
  addEventListener("online", () => under_way.forEach((it) => it.start()));
}

async function choose(chosen: Dropped[]): Promise<void> {
  const facts = section()?.dataset;
  if (!facts) return;
  fault("");
  tell([]);
  const zip = chosen.find((it) => ZIP.test(it.path));
  if (chosen.length === 1 && zip) return sendZip(zip.file);
  const names = new FormData();
  names.append("names", new Blob([chosen.map((it) => it.path).join("\n")], { type: "text/plain" }), "names.txt");
  const answer = await fetch(`/api/v1/studio/intakes/${facts["intake"]}/match`, { method: "POST", body: names, headers: headers() }).catch(() => null);
  if (!answer?.ok) return fault(word("failed"));
  const sorted = (await answer.json()) as Sorted;
  tell(lines(sorted));
  const files = new Map(chosen.map((it) => [it.path, it.file]));
  const places = sorted.places.filter((it) => !it.is_here && files.has(it.path));
  if (places.length === 0) return fault(word("nothing"));
  all = all - done + places.length;
  done = 0;
  queue.push(...places.map((place) => ({ file: files.get(place.path)!, place })));
  count();
  for (let free = AT_ONCE - under_way.size; free > 0; free--) next();
}

function lines(sorted: Sorted): string[] {
  const say = (words: string, file: string, row = 0): string => word(words).replace("{file}", file).replace("{row}", String(row));
  return [
    ...sorted.missing.map((it) => say("missing", it.file, it.row)),
    ...Object.keys(sorted.several).map((it) => say("several", it)),
    ...sorted.covers_missing.map((it) => say("noCover", it)),
    ...sorted.superfluous.map((it) => say("superfluous", it)),
  ];
}

function tell(texts: string[]): void {
  const list = section()?.querySelector("[data-told]");
  if (!list) return;
  const shown = texts.slice(0, TOLD_MAX);
  if (texts.length > TOLD_MAX) shown.push(word("more").replace("{n}", String(texts.length - TOLD_MAX)));
  list.replaceChildren(
    ...shown.map((text) => {
      const row = document.createElement("li");
      row.dir = "auto";
      row.textContent = text;
      return row;
    }),
  );
}

/** The section's data as `send` reads them; `data-upload` itself would make the section one of an application's file. */
const facts_ = (): DOMStringMap => ({ ...section()!.dataset, upload: word("uploads") });

const headers = (): Record<string, string> => ({ "X-CSRFToken": word("csrf"), "Accept-Language": word("language") || "en" });

function next(): void {
  const one = queue.shift();
  if (!one) return;
  if (one.place.track === null) return void sendCover(one.file, one.place);
  if (one.file.size > Number(section()?.dataset["bytesMax"])) return failed(one.place.path, word("tooLarge"));
  const facts = facts_();
  const goesOn = one.place.upload && one.place.length === one.file.size ? `${facts["uploads"]}/${one.place.upload}` : null;
  const about = { filename: one.file.name, submission: one.place.submission, track: one.place.track };
  const upload = send(one.file, facts, about, {
    at: goesOn,
    onProgress: (sent, whole) => write("file-said", `${one.place.path} · ${told(word("sending"), sent, whole)}`),
    onWaiting: () => write("said", word("waiting")),
    onError: (error) => {
      under_way.delete(upload);
      if (code(error) === "quota_used_up") {
        write("said", word("full"));
        queue.unshift(one);
        setTimeout(next, ROOM_MS);
      } else failed(one.place.path, sentence(error) || word("failed"));
    },
    onSuccess: () => {
      under_way.delete(upload);
      finished();
    },
  });
  under_way.add(upload);
  upload.start();
}

async function sendCover(file: File, place: Place): Promise<void> {
  const form = new FormData();
  form.append("image", file);
  const answer = await fetch(`/api/v1/studio/submissions/${place.submission}/cover`, { method: "POST", body: form, headers: headers() }).catch(() => null);
  if (answer?.ok) return finished();
  const told_ = answer ? ((await answer.json().catch(() => ({}))) as { detail?: string }).detail : "";
  failed(place.path, told_ || word("failed"));
}

function sendZip(file: File): void {
  const facts = facts_();
  const begun = facts["at"] && facts["name"] === file.name && Number(facts["length"]) === file.size ? facts["at"] : null;
  all = 1;
  done = 0;
  count();
  const upload = send(file, facts, { filename: file.name, intake: facts["intake"] ?? "" }, {
    at: begun,
    onProgress: (sent, whole) => write("file-said", `${file.name} · ${told(word("sending"), sent, whole)}`),
    onWaiting: () => write("said", word("waiting")),
    onError: (error) => {
      under_way.delete(upload);
      failed(file.name, sentence(error) || word("failed"));
    },
    onSuccess: () => {
      under_way.delete(upload);
      finished();
    },
  });
  under_way.add(upload);
  upload.start();
}

function code(error: Error): string {
  const answer = (error as { originalResponse?: { getBody(): string } | null }).originalResponse;
  try {
    return (JSON.parse(answer?.getBody() ?? "{}") as { code?: string }).code ?? "";
  } catch {
    return "";
  }
}

function finished(): void {
  done++;
  count();
  write("said", "");
  document.getElementById("intake-state")?.dispatchEvent(new Event("alpheus-uploaded", { bubbles: true }));
  next();
}

/** One that failed is named, and the others go on; choosing the folder again tries it again. */
function failed(path: string, why: string): void {
  fault(`${path}: ${why}`);
  done++;
  count();
  next();
}

function count(): void {
  const place = section()?.querySelector<HTMLElement>("[data-sending-now]");
  if (place) place.hidden = done >= all;
  write("count-said", word("count").replace("{done}", String(done)).replace("{all}", String(all)));
}

function write(name: string, text: string): void {
  const place = section()?.querySelector(`[data-${name}]`);
  if (place && place.textContent !== text) place.textContent = text;
}

function fault(text: string): void {
  const place = section()?.querySelector<HTMLElement>("[data-error]");
  if (!place) return;
  place.hidden = text === "";
  place.querySelector("span")!.textContent = text;
}

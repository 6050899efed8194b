/**
 * Sends a recording to the studio: tus 1.0, so that a reload, a sleeping phone or a lost connection loses nothing.
 *
 * Nothing is kept in the browser. The page says which upload was begun and for what file; whoever chooses the same file
 * again, in whatever browser, goes on where it stopped.
 */
import type { Upload } from "tus-js-client";
import { keepSaving } from "./saving";
import { send, sentence, told } from "./sending";

let following = false;
let current: Upload | null = null;

/** Follow the page's file chooser; the page itself may have been swapped since the last call. */
export function follow(): void {
  keepSaving();
  if (following) return;
  following = true;
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "file") return;
    const section = input.closest<HTMLElement>("[data-upload]");
    const file = input.files?.[0];
    if (section && file) begin(section, file);
  });
  for (const kind of ["dragover", "dragleave", "drop"]) document.addEventListener(kind, (event) => dragged(event as DragEvent));
  addEventListener("online", () => current?.start());
  ready = isReady();
  document.addEventListener("htmx:after:swap", fill);
  // Chosen while this module was on its way.
  const input = document.querySelector<HTMLInputElement>("[data-upload] input[type=file]");
  if (input?.files?.[0]) begin(input.closest<HTMLElement>("[data-upload]")!, input.files[0]);
}

let ready = false;
const isReady = (): boolean => document.getElementById("upload")?.dataset["title"] !== undefined;

/** What the file says of itself comes with it: filled in where nobody typed, and saved as if somebody had. */
function fill(): void {
  const before = ready;
  ready = isReady();
  if (before || !ready) return;
  const { title, artist } = document.getElementById("upload")!.dataset;
  for (const [name, told] of [["title", title], ["artist_name", artist]] as const) {
    const field = document.querySelector<HTMLInputElement>(`#draft [name=${name}]`);
    if (field && !field.value && told) field.value = told;
  }
  document.getElementById("draft")?.dispatchEvent(new Event("change", { bubbles: true }));
}

function dragged(event: DragEvent): void {
  const zone = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-drop]") : null;
  if (!zone) return;
  event.preventDefault();
  zone.toggleAttribute("data-over", event.type === "dragover");
  const file = event.type === "drop" ? event.dataTransfer?.files[0] : undefined;
  if (file) begin(zone.closest<HTMLElement>("[data-upload]")!, file);
}

function begin(section: HTMLElement, file: File): void {
  const facts = section.dataset;
  show(section, "error", "");
  if (file.size > Number(facts["bytesMax"])) return show(section, "error", facts["tooLarge"] ?? "");
  void current?.abort();
  const begun = facts["at"] && facts["name"] === file.name && Number(facts["length"]) === file.size ? facts["at"] : null;
  section.querySelector<HTMLElement>("[data-progress]")!.hidden = false;
  for (const it of section.querySelectorAll<HTMLElement>("[data-drop],[data-begun]")) it.hidden = true;
  section.querySelector("[data-file]")!.textContent = file.name;
  if (facts["at"] && !begun) say(section, facts["other"] ?? "");
  const upload = send(file, facts, { filename: file.name, submission: facts["submission"] ?? "" }, {
    at: begun,
    onProgress: (sent, all) => progress(section, sent, all),
    onWaiting: () => say(section, facts["waiting"] ?? ""),
    onError: (error) => failed(section, error),
    onSuccess: () => {
      current = null;
      document.getElementById("upload")?.dispatchEvent(new Event("alpheus-uploaded", { bubbles: true }));
    },
  });
  current = upload;
  upload.start();
}

function progress(section: HTMLElement, sent: number, all: number): void {
  const share = all ? (100 * sent) / all : 0;
  const meter = section.querySelector<HTMLElement>(".meter");
  meter?.setAttribute("aria-valuenow", share.toFixed(0));
  meter?.querySelector("i")?.style.setProperty("--v", `${share.toFixed(1)}%`);
  section.querySelector("[data-sent]")!.textContent = told(section.dataset["sending"] ?? "", sent, all);
  if (sent > 0) say(section, "");
}

function failed(section: HTMLElement, error: Error): void {
  current = null;
  section.querySelector<HTMLElement>("[data-progress]")!.hidden = true;
  for (const it of section.querySelectorAll<HTMLElement>("[data-drop]")) it.hidden = false;
  show(section, "error", sentence(error) || (section.dataset["failed"] ?? ""));
}

function say(section: HTMLElement, text: string): void {
  const said = section.querySelector("[data-said]");
  if (said && said.textContent !== text) said.textContent = text;
}

function show(section: HTMLElement, name: string, text: string): void {
  const place = section.querySelector<HTMLElement>(`[data-${name}]`);
  if (!place) return;
  place.hidden = text === "";
  place.querySelector("span")!.textContent = text;
}

/** Rows of recordings: a queue is written once on the list, and each row says only its place in it. */

export function startRows(): void {
  document.addEventListener("keydown", () => void import("./roving").then(({ startRoving }) => startRoving()), { once: true });
  document.addEventListener("click", prepare, { capture: true });
  document.addEventListener("click", awaitRadio);
  document.addEventListener("alpheus:page", quietContinue);
  document.addEventListener("alpheus:page", startRadio);
}

/** Whether a radio was asked to play and is on its way. */
let radio = false;

function awaitRadio(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]") : null;
  if (!link) return;
  const apart = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
  radio = link.dataset["radio"] !== undefined && !apart;
}

/** The page of a radio plays as it arrives, if that is what was pressed. */
function startRadio(): void {
  if (!radio) return;
  radio = false;
  document.querySelector<HTMLElement>("[data-radio-page] .disc[data-play]")?.click();
}

/** Give a pressed row the whole wish that the player reads. With a modifier the row is a link like any other. */
function prepare(event: MouseEvent): void {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("[data-continue]")) setTimeout(() => document.getElementById("continue-panel")?.remove());
  const row = target?.closest<HTMLElement>("[data-play-index]");
  if (!row) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) {
    delete row.dataset["play"];
    return;
  }
  const queue = row.closest<HTMLElement>("[data-queue]")?.dataset["queue"];
  if (queue) row.dataset["play"] = `{"queue":${queue},"index":${row.dataset["playIndex"]}}`;
}

/** Where this very page plays, there is nothing to continue. */
function quietContinue(): void {
  const audio = document.querySelector<HTMLAudioElement>("#player audio");
  if (audio && !audio.paused) document.getElementById("continue-panel")?.remove();
}

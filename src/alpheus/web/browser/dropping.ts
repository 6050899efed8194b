/** Files and folders that are dragged onto a part of a page. */

export interface Dropped {
  readonly file: File;
  /** from the folder on that was dropped */
  readonly path: string;
}

/** In the order in which people number their folders and files. */
export const ORDER = new Intl.Collator(undefined, { numeric: true });

/** Follow what is dragged over the part of a page that `zone` selects, and take what is dropped there, with all that is in its folders. */
export function takeDropped(zone: string, take: (found: Dropped[]) => void): void {
  for (const kind of ["dragover", "dragleave", "drop"] as const) {
    document.addEventListener(kind, (event) => {
      const part = event.target instanceof Element ? event.target.closest<HTMLElement>(zone) : null;
      if (!part) return;
      event.preventDefault();
      part.toggleAttribute("data-over", kind === "dragover");
      if (kind !== "drop" || !event.dataTransfer) return;
      const entries = [...event.dataTransfer.items].map((it) => it.webkitGetAsEntry()).filter((it) => it !== null);
      void Promise.all(entries.map((it) => within(it))).then((found) => take(found.flat()));
    });
  }
}

async function within(entry: FileSystemEntry): Promise<Dropped[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((done, lost) => (entry as FileSystemFileEntry).file(done, lost));
    return [{ file, path: entry.fullPath.replace(/^\//, "") }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, lost) => reader.readEntries(done, lost));
    if (some.length === 0) break;
    found.push(...some);
  }
  found.sort((a, b) => ORDER.compare(a.name, b.name));
  const files: Dropped[] = [];
  for (const it of found) files.push(...(await within(it)));
  return files;
}

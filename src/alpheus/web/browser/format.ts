/** How times, amounts and peaks are written. Pure. */

const two = (value: number): string => String(value).padStart(2, "0");

/** Seconds as 3:42 or 1:02:09; a negative number with a true minus sign. */
export function clock(seconds: number): string {
  if (!Number.isFinite(seconds)) return "0:00";
  const whole = Math.trunc(Math.abs(seconds));
  const sign = seconds < 0 && whole > 0 ? "\u2212" : "";
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = two(whole % 60);
  return hours > 0 ? `${sign}${hours}:${two(minutes)}:${rest}` : `${sign}${minutes}:${rest}`;
}

/** Put values into a sentence's {names}; a name without a value stays, so that a mistake is seen. */
export function filled(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
}

/** Bytes as a person says them: 0, 512, 1.2 k. Unit words belong to the sentence around them. */
export function amount(bytes: number, locale: string): { value: string; unit: "byte" | "kilobyte" | "megabyte" } {
  const unit = bytes < 1000 ? "byte" : bytes < 1_000_000 ? "kilobyte" : "megabyte";
  const size = unit === "byte" ? bytes : unit === "kilobyte" ? bytes / 1000 : bytes / 1_000_000;
  return { value: new Intl.NumberFormat(locale, { maximumFractionDigits: unit === "byte" ? 0 : 1 }).format(size), unit };
}

/** The image of a waveform: one stroke a bar, drawn on a canvas of `bars` x 6 by 64.
 *
 * Args: peaks 0 to 255 in time order (any number of them); bars how many strokes. The loudest of what falls into a bar
 * counts, and the loudest bar fills the height, so that a quiet piece still has a shape. */
export function waveform(peaks: Uint8Array, bars: number): string {
  const heights = Array.from({ length: bars }, (_, bar) => {
    const from = Math.floor((bar * peaks.length) / bars);
    const until = Math.max(Math.floor(((bar + 1) * peaks.length) / bars), from + 1);
    return peaks.subarray(from, until).reduce((most, value) => Math.max(most, value), 0);
  });
  const loudest = Math.max(...heights, 1);
  return heights
    .map((height, bar) => {
      const half = Math.max(1, Math.round((height / loudest) * 28));
      return `M${bar * 6 + 3} ${32 - half}V${32 + half}`;
    })
    .join("");
}

/** Figures that were measured several times. */

/** The median; of an even number of figures the mean of the two in the middle. Throws RangeError for none. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError('a median of no figures');
  return (upper + lower) / 2;
}

/** "1.03 (0.99–1.05)": the median and, of more than one figure, the smallest and the largest. */
export function formatSpread(figures: readonly number[], digits: number): string {
  const middle = median(figures).toFixed(digits);
  if (figures.length < 2) return middle;
  const least = Math.min(...figures).toFixed(digits);
  const most = Math.max(...figures).toFixed(digits);
  return `${middle} (${least}–${most})`;
}

/** One by the other, measurement by measurement: what was measured close together is compared. */
export function ratios(figures: readonly number[], references: readonly number[]): number[] {
  return figures.flatMap((figure, index) => {
    const reference = references[index];
    return reference === undefined ? [] : [figure / reference];
  });
}

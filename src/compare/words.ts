/** `412 kB`, `38`, `0.35 s`: at most three decimals, the unit where there is one. */
export function amountText(value: number, unit: string | null): string {
  const digits = Number(value.toPrecision(6));
  const shown = Number.isInteger(digits) ? String(digits) : String(Number(digits.toFixed(3)));
  return unit === null || unit === '' ? shown : `${shown} ${unit}`;
}

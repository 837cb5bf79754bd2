/* Amounts as people read them, wherever they stand: one function each, so that two places never disagree in the last digit. */

/** `412 kB`, `38`, `0.35 s`: at most three decimals, the unit where there is one. */
export function amountText(value: number, unit: string | null): string {
  // Six digits tell values apart; binary fractions grow tails such as 0.30000000000000004.
  const digits = Number(value.toPrecision(6));
  const shown = Number.isInteger(digits) ? String(digits) : String(Number(digits.toFixed(3)));
  return unit === null || unit === '' ? shown : `${shown} ${unit}`;
}

/** `$0.42`; a third digit below a cent, so that little is not shown as nothing. */
export function dollars(usd: number): string {
  const amount = Number.isFinite(usd) ? Math.max(0, usd) : 0;
  return `$${amount.toFixed(amount > 0 && amount < 0.01 ? 3 : 2)}`;
}

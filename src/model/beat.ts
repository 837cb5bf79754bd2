/**
 * As often as anything here is looked at or drawn: 11 times a second, which a person takes for at once. Sleeps of exactly this long end
 * together (`system/system-clock.ts`), so that twenty attempts, their supervisor and a view cost one wake-up a beat and not one each.
 */
export const BEAT_MS = 90;

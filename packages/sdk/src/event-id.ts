const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_CHARS = 10;
const RANDOM_CHARS = 16;

/**
 * `evt_` and a lower-case ULID: 48 bits of time, 80 random bits. The sender chooses it, so that an event that is sent again is the same
 * event. See https://github.com/ulid/spec.
 * @param at milliseconds since the epoch
 */
export function newEventId(at: number): string {
  let time = '';
  for (let rest = at, i = 0; i < TIME_CHARS; i++, rest = Math.floor(rest / 32)) time = ALPHABET[rest % 32] + time;
  const random = crypto.getRandomValues(new Uint8Array(RANDOM_CHARS));
  return `evt_${time}${Array.from(random, (byte) => ALPHABET[byte % 32]).join('')}`;
}

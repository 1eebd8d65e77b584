const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_CHARS = 10;
const RANDOM_CHARS = 16;

let newest = { at: -1, places: new Uint8Array() };

/** Random places; within a millisecond one more than those before, since the API keeps events in the order of their ids. */
function placesFor(at: number): Uint8Array {
  if (at !== newest.at) {
    const places = crypto.getRandomValues(new Uint8Array(RANDOM_CHARS)).map((byte) => byte % 32);
    // Room to count up.
    places[0] = (places[0] ?? 0) % 16;
    newest = { at, places };
    return places;
  }
  const { places } = newest;
  let place = RANDOM_CHARS - 1;
  while (places[place] === 31) places[place--] = 0;
  places[place] = (places[place] ?? 0) + 1;
  return places;
}

/**
 * `evt_` and a lower-case ULID: 48 bits of time, 80 random bits. The sender chooses it, so that an event that is sent again is the same
 * event. Of two that were made in this process in one millisecond, the later one is the greater. See https://github.com/ulid/spec.
 * @param at milliseconds since the epoch
 */
export function newEventId(at: number): string {
  let time = '';
  for (let rest = at, i = 0; i < TIME_CHARS; i++, rest = Math.floor(rest / 32)) time = ALPHABET[rest % 32] + time;
  return `evt_${time}${Array.from(placesFor(at), (place) => ALPHABET[place]).join('')}`;
}

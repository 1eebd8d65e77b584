import { GatewayError } from './gateway-error.ts';
import { type RouteSpec, routeKey } from './route.ts';

/** Takes a token of a route's bucket. @throws {GatewayError} `TOO_MANY_REQUESTS` where none is left */
export type Throttle = (route: RouteSpec) => void;

/** Token buckets as API Gateway has them: `burst` tokens at first, and `rate` more each second. */
export function createThrottle(now: () => number): Throttle {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return (route) => {
    const { throttle } = route;
    if (!throttle) return;
    const key = routeKey(route);
    const at = now();
    const { tokens, at: before } = buckets.get(key) ?? { tokens: throttle.burst, at };
    const filled = Math.min(throttle.burst, tokens + ((at - before) / 1000) * throttle.rate);
    const taken = filled >= 1;
    buckets.set(key, { tokens: taken ? filled - 1 : filled, at });
    if (!taken) throw new GatewayError('TOO_MANY_REQUESTS', 'the route is throttled');
  };
}

import { lazyRouteComponent } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { Skeleton } from '../parts/skeleton.tsx';

/** A page that is loaded when somebody opens it, with a place of its size until it is there. */
export const page = <M extends Record<N, ComponentType<never>>, N extends string>(load: () => Promise<M>, name: N) => ({
  component: lazyRouteComponent(load, name as never),
  pendingComponent: () => <Skeleton lines={8} />,
});

import type { TenantId } from '../ids/id.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { DriftKind } from './kinds.ts';
import type { Remedy } from './ports.ts';

/** A difference between what the control table says and what there is, as a first look found it. */
export interface Drift {
  readonly kind: DriftKind;
  readonly resource: string;
  /** Null when the name of the resource tells none. */
  readonly tenantId: TenantId | null;
  /** One sentence for people. */
  readonly problem: string;
  readonly remedy: Remedy;
  /**
   * Whether it is a difference by what the registry says of the tenant now. Asked right before anything is reported or mended, since
   * the lists behind the first look were read one after the other.
   */
  holds(tenant: Tenant | undefined): boolean | Promise<boolean>;
}

import type { Person } from '@tenantry/local/demo/journey';
import { startTestCloud, type TestCloud } from '../support/test-cloud.ts';
import { type Executions, executionsIn } from './executions.ts';
import { createJudge, type Judge } from './judge.ts';
import { fleetMachine, type TaskState, taskStates } from './task-states.ts';
import { layWayToCluster, type Way } from './way-to-cluster.ts';

/** A tenant of a case, with its owner. */
export interface Company {
  readonly tenantId: string;
  readonly tier: 'standard' | 'premium';
  readonly person: Person;
  readonly checkoutUrl: string;
}

/** One local cloud for many cases, each with a tenant of its own for as long as it lasts. */
export interface World {
  readonly test: TestCloud;
  readonly operator: Person;
  readonly executions: Executions;
  readonly judge: Judge;
  readonly way: Way;
  /** Of all machines that work for one tenant. */
  readonly states: readonly TaskState[];
  /** A company that has not paid yet. */
  newcomer(tier: Company['tier']): Promise<Company>;
  /** An active company that no other case uses. */
  borrow(tier: Company['tier']): Promise<Company>;
  /** Ends a case's use of its company. */
  giveBack(company: Company): Promise<void>;
  /** As the operator sees it. */
  statusOf(tenantId: string): Promise<string>;
}

/** Wait states of 15 s take 0.3 s. */
const WAIT_SCALE = 0.02;

export async function startWorld(): Promise<World> {
  const test = await startTestCloud({ waitScale: WAIT_SCALE, lambdaLimits: { total: 72 } });
  const way = await layWayToCluster(test.cloud);
  const operator = await test.operator();
  const executions = executionsIn(test.cloud);
  const judge = createJudge(test.cloud);
  const idle: Company[] = [];

  const read = (tenantId: string) => operator.api('readTenant', { bearer: operator.accessToken, params: { tenantId } });
  const statusOf = async (tenantId: string) => (await read(tenantId)).status;

  const newcomer = async (tier: Company['tier']): Promise<Company> => ({ ...(await test.newcomer(tier)), tier });

  return {
    test,
    operator,
    executions,
    judge,
    way,
    states: taskStates(test.cloud).filter(({ machine }) => machine !== fleetMachine),
    newcomer,
    statusOf,
    async borrow(tier) {
      const index = idle.findIndex((company) => company.tier === tier);
      const [found] = index < 0 ? [] : idle.splice(index, 1);
      if (found) return found;
      const company = await newcomer(tier);
      await company.person.pay(company.checkoutUrl);
      await company.person.onboarded();
      return company;
    },
    async giveBack(company) {
      const { tenantId, person } = company;
      if ((await statusOf(tenantId)) === 'suspended') {
        const before = await executions.of('Suspension', tenantId);
        await operator.api('reactivateTenant', {
          bearer: operator.accessToken,
          params: { tenantId },
          query: { reason: 'All is well again' },
        });
        await executions.ended('Suspension', tenantId, before.length);
      }
      const { status, tier } = await read(tenantId);
      if (status !== 'active' || tier !== company.tier) return;
      await person.refresh();
      idle.push(company);
    },
  };
}

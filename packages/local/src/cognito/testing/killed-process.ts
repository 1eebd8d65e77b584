import { Lab, PASSWORD } from './lab.ts';

/** Signs up in the directory that it prints, tells what was acknowledged, and is gone without a chance to tidy up. */
const lab = await Lab.open();
const visitor = lab.visitor();
const code = await visitor.signUp('killed@example.com', PASSWORD, async () => lab.code('killed@example.com'));
const tokens = await visitor.exchange(code);
process.stdout.write(JSON.stringify({ dir: lab.dir, refreshToken: tokens.refresh_token }), () =>
  process.kill(process.pid, 'SIGKILL'),
);

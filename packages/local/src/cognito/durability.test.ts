import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Lab, PASSWORD } from './testing/lab.ts';

/** What a process printed before it was killed. */
function runUntilKilled(file: string): Promise<{ dir: string; refreshToken: string }> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['--no-warnings', file], (error, stdout, stderr) => {
      if (error?.signal !== 'SIGKILL') reject(new Error(`not killed: ${stderr}`));
      else resolve(JSON.parse(stdout) as { dir: string; refreshToken: string });
    });
  });
}

test('a sign-up, its mail and its refresh token survive the process being killed', async () => {
  const { dir, refreshToken } = await runUntilKilled(
    fileURLToPath(new URL('./testing/killed-process.ts', import.meta.url)),
  );
  const lab = await Lab.open({ dir });
  try {
    expect(lab.mail.messages({ to: 'killed@example.com' })).toHaveLength(1);
    const visitor = lab.visitor();
    expect((await visitor.refresh(refreshToken)).access_token).toBeDefined();
    await visitor.exchange(await visitor.signIn('killed@example.com', PASSWORD));
  } finally {
    await lab.close();
  }
});

/**
 * Runs one container's command and does not outlive the local cloud: standard input is a pipe that the kubelet holds
 * open, so its end means that the kubelet is gone, however it went. Leads the process group of everything it starts.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });

const killGroup = () => process.kill(-process.pid, 'SIGKILL');
process.stdin.on('end', killGroup).on('error', killGroup).resume();
process.on('SIGTERM', () => child.kill('SIGTERM'));
// Only the kubelet decides when a container ends, not a key pressed in the terminal.
process.on('SIGINT', () => undefined);

child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));

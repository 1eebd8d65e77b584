export declare const root: string;
/** Runs a command of `node_modules/.bin` with its output on the terminal. @returns its exit code */
export declare function run(command: string, args: readonly string[]): Promise<number>;

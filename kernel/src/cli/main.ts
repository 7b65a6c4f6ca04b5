/** The `millrace` command line. A kernel is started often, and by programs: it does not wait for the parser of options. */
async function main(args: readonly string[]): Promise<void> {
  const [command, connectionFile, ...rest] = args;
  if (command === 'kernel' && connectionFile?.startsWith('-') === false && rest.length === 0) {
    const { runKernel } = await import('../kernel/run-kernel.ts');
    await runKernel(connectionFile);
    return;
  }
  const { runProgram } = await import('./program.ts');
  process.exitCode = await runProgram(args);
}

await main(process.argv.slice(2));

import { describeError } from 'millrace';
import { CommandLineError, helpText, readCommandLine, type CommandLine } from './command-line.ts';
import { writeOutputs } from './outputs.ts';
import { buildPipeline } from './pipeline.ts';
import { InterruptedRun, runOn } from './run-on.ts';

/** Builds the pipeline as the command line says, runs it, and says where the results are. */
async function main(commandLine: CommandLine): Promise<void> {
  const { pipeline, outputs } = await buildPipeline(commandLine.options);
  const written = writeOutputs(outputs, commandLine.output);
  await runOn(pipeline, commandLine);
  for (const [name, files] of written) console.log(`${name}: ${files}`);
  if (written.size === 0) console.log('The pipeline has run, and written its results itself');
}

try {
  const commandLine = readCommandLine(process.argv.slice(2));
  if (commandLine === 'help') console.log(helpText());
  else await main(commandLine);
} catch (error) {
  process.exitCode = 1;
  if (error instanceof CommandLineError) {
    console.error(`${error.message}\n(npm start -- --help says what there is)`);
    process.exitCode = 2;
  } else if (error instanceof InterruptedRun) {
    console.error(error.message);
    process.exitCode = 130;
  } else {
    console.error(describeError(error)?.lines.join('\n') ?? error);
  }
}

import * as z from 'zod/mini';
import { EXIT } from '../model/exit-code.ts';
import { supervise } from '../run/supervise.ts';
import { defineCommand } from './command.ts';

/** The supervisor's own process, started by the others; not for people. */
export const command = defineCommand({
  description: 'Looks after one run. Other commands start it.',
  examples: [],
  options: {
    mode: { kind: 'text', summary: 'start, adopt or resume', choices: ['start', 'adopt', 'resume'] },
    'common-dir': { kind: 'text', summary: "the repository's common directory" },
  },
  schema: z.strictObject({
    run: z.string(),
    mode: z.enum(['start', 'adopt', 'resume']),
    'common-dir': z.string(),
  }),
  async run(options, context) {
    // Its terminal may close and its starter may be interrupted: a supervisor ends when its run does.
    const release = context.onSignal(() => {});
    try {
      await supervise({
        commonDir: options['common-dir'],
        run: options.run,
        mode: options.mode,
        pid: context.pid,
        environment: context.environment,
        clock: context.clock,
        onNote: (sentence) => void context.stderr.write(`${sentence}\n`),
        notify: context.environment['COPSE_NO_NOTIFY'] === undefined,
      });
      return EXIT.ok;
    } finally {
      release();
    }
  },
});

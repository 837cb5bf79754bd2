import { storeAt } from '../../src/store/layout.ts';
import { votesFor } from '../../src/store/votes.ts';

/* A process that serves a run. Arguments: the store's folder, a run, a variant of it, and who votes for that, one after the other. */
const [home = '', run = '', variant = '', ...voters] = process.argv.slice(2);

const votes = votesFor({ store: storeAt(home), variants: new Map([['it', { run, variant }]]), now: () => new Date() });
for (const voter of voters) await votes.cast({ voter, label: 'it', note: '', name: '', commit: null, blind: false });

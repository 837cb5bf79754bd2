/** Measures one row, and prints what it comes to as JSON. Whoever started it clears away. */
import { ROWS } from '../rows.ts';
import { Lab } from './lab.ts';

const load = ROWS[process.argv[2] ?? ''];
if (load === undefined) throw new Error(`there is no row ${process.argv[2]}`);
const { measure } = await load();
process.stdout.write(`${JSON.stringify(await measure(await Lab.open()))}\n`);

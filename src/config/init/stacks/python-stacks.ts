import { withReport } from '../report-flags.ts';
import { check, type Look, type Stack, type StackCheck } from './stack.ts';

const VENV = '.venv/bin/python -m ';
const NEW_VENV = 'python3 -m venv .venv && .venv/bin/pip install';

/** What starts a program of the environment, then the row. */
const ROWS: readonly (readonly [run: string, Pick<Stack, 'files' | 'setup'>])[] = [
  ['uv run ', { files: ['uv.lock'], setup: () => 'uv sync --frozen' }],
  ['poetry run ', { files: ['poetry.lock'], setup: () => 'poetry install' }],
  ['pdm run ', { files: ['pdm.lock'], setup: () => 'pdm install --frozen-lockfile' }],
  ['pipenv run ', { files: ['Pipfile.lock'], setup: () => 'pipenv sync --dev' }],
  ['pipenv run ', { files: ['Pipfile'], setup: () => 'pipenv install --dev --skip-lock' }],
  [VENV, { files: ['requirements.txt'], setup: installRequirements }],
  [VENV, { files: ['pyproject.toml', 'setup.py'], setup: installProject }],
];

export const PYTHON: readonly Stack[] = ROWS.map(([run, row], n) => ({
  language: 'python',
  ...row,
  checks: (at) => pythonChecks(at, run),
  serve: (at) => (at.names.has('manage.py') ? `${programOf(run)} manage.py runserver 127.0.0.1:$PORT` : null),
  disposable: () => ['.venv'],
  // Members of a workspace have no lock file of their own.
  covers: (_, below) => n === 0 && !below.names.has('uv.lock'),
}));

/** Where a project says what its tests want, as far as people have a habit. */
const TEST_REQUIREMENTS = ['requirements-dev.txt', 'requirements-test.txt', 'dev-requirements.txt', 'test-requirements.txt'];

function installRequirements(at: Look): string {
  const files = ['requirements.txt', ...TEST_REQUIREMENTS.filter((name) => at.names.has(name))];
  return `${NEW_VENV} ${files.map((file) => `-r ${file}`).join(' ')}`;
}

/** With what its tests want, as far as it says so. */
function installProject(at: Look): string {
  const text = at.text('pyproject.toml') || at.text('setup.py');
  const [, extras = ''] = text.split('[project.optional-dependencies]');
  const [own = ''] = extras.split('\n[');
  const extra = /^(tests?|testing|dev)\s*=\s*\[/m.exec(own)?.[1];
  const project = extra === undefined ? '.' : `'.[${extra}]'`;
  return `${NEW_VENV} -e ${project}${/\bpytest\b/.test(text) ? ' pytest' : ''}`;
}

const SAYS_PYTEST = [
  'pyproject.toml',
  'uv.lock',
  'poetry.lock',
  'pdm.lock',
  'Pipfile',
  'requirements.txt',
  'setup.cfg',
  'setup.py',
];

function pythonChecks(at: Look, run: string): readonly StackCheck[] {
  const known = [...SAYS_PYTEST, ...TEST_REQUIREMENTS, 'tox.ini'].some((name) => /\bpytest\b/.test(at.text(name)));
  if (known || at.names.has('pytest.ini') || at.names.has('conftest.py')) {
    return [{ name: 'test', ...withReport(`${run}pytest`, null) }];
  }
  const python = programOf(run);
  if (at.names.has('manage.py')) return [check('test', `${python} manage.py test`), check('django', `${python} manage.py check`)];
  const hasTests = [...at.names].some((name) => /^tests?$|^test.*\.py$/.test(name));
  return hasTests ? [check('test', `${python} -m unittest`)] : [];
}

function programOf(run: string): string {
  return run === VENV ? '.venv/bin/python' : `${run}python`;
}

import { withReport } from '../report-flags.ts';
import { NODE } from './node-stacks.ts';
import { PYTHON } from './python-stacks.ts';
import { always, check, type Look, nothing, type Stack } from './stack.ts';

const wrapper = (at: Look, own: string, program: string): string => (at.names.has(own) ? `./${own}` : program);
const hasTarget = (at: Look, file: string, target: string): boolean =>
  new RegExp(`^${target}\\s*:(?!=)`, 'm').test(at.text(file));
const gradle = (at: Look): string => wrapper(at, 'gradlew', 'gradle');
const maven = (at: Look): string => wrapper(at, 'mvnw', 'mvn');
const composer = (at: Look): boolean => /"test"\s*:/.test(at.text('composer.json').split('"scripts"')[1] ?? '');
const DOTNET = ['*.sln', '*.slnx', '*.csproj', '*.fsproj', '*.vbproj'];

/** Each a line or two: what is there → how it is set up, checked, and what of it comes again by itself. Languages are told to the person. */
export const STACKS: readonly Stack[] = [
  ...NODE,
  ...PYTHON,
  {
    language: 'deno',
    files: ['deno.json', 'deno.jsonc'],
    setup: (at) => (at.names.has('deno.lock') ? 'deno install --frozen' : 'deno install'),
    checks: (at) => [
      /"test"\s*:/.test(at.text('deno.json') + at.text('deno.jsonc'))
        ? check('test', 'deno task test')
        : check('test', 'deno test'),
    ],
    disposable: nothing,
    covers: always,
  },
  {
    language: 'rust',
    files: ['Cargo.toml'],
    setup: () => 'cargo fetch',
    checks: () => [{ name: 'test', ...withReport('cargo test', null) }],
    disposable: () => ['target'],
    covers: (at) => /^\[workspace/m.test(at.text('Cargo.toml')),
  },
  {
    language: 'java',
    files: ['pom.xml'],
    setup: (at) => `${maven(at)} -B -q dependency:go-offline`,
    checks: (at) => [check('test', `${maven(at)} -B test`, '**/target/surefire-reports/*.xml')],
    disposable: () => ['target'],
    covers: always,
  },
  {
    language: 'java',
    files: ['settings.gradle', 'settings.gradle.kts', 'build.gradle', 'build.gradle.kts'],
    setup: (at) => `${gradle(at)} --quiet testClasses`,
    checks: (at) => [check('test', `${gradle(at)} test`, '**/build/test-results/test/*.xml')],
    disposable: () => ['build', '.gradle'],
    covers: always,
  },
  { language: 'go', files: ['go.work'], setup: () => 'go mod download', checks: goWork, disposable: nothing, covers: always },
  {
    language: 'go',
    files: ['go.mod'],
    setup: () => 'go mod download',
    checks: () => [{ name: 'test', ...withReport('go test ./...', null) }],
    disposable: nothing,
    covers: () => false,
  },
  {
    language: 'ruby',
    files: ['Gemfile'],
    setup: (at) => (isRails(at) ? 'bundle install && bin/rails db:prepare' : 'bundle install'),
    checks: (at) => [check('test', rubyTest(at))],
    serve: (at) => (isRails(at) ? 'bin/rails server -p $PORT' : null),
    disposable: nothing,
    covers: () => false,
  },
  {
    language: 'php',
    files: ['composer.json'],
    setup: () => 'composer install --no-interaction',
    checks: (at) => {
      if (at.names.has('artisan')) return [check('test', 'php artisan test')];
      if (composer(at)) return [check('test', 'composer test')];
      const phpunit = at.names.has('phpunit.xml') || at.names.has('phpunit.xml.dist');
      return phpunit ? [check('test', 'vendor/bin/phpunit --log-junit vendor/.test-report.xml', 'vendor/.test-report.xml')] : [];
    },
    serve: (at) => (at.names.has('artisan') ? 'php artisan serve --port=$PORT' : null),
    disposable: () => ['vendor'],
    covers: () => false,
  },
  {
    language: 'elixir',
    files: ['mix.exs'],
    setup: () => 'mix deps.get',
    checks: () => [check('test', 'mix test')],
    disposable: () => ['deps', '_build'],
    covers: always,
  },
  {
    language: '.NET',
    files: DOTNET,
    setup: () => 'dotnet restore',
    checks: () => [check('test', 'dotnet test')],
    disposable: () => ['bin', 'obj'],
    covers: always,
  },
  {
    language: 'swift',
    files: ['Package.swift'],
    setup: () => 'swift package resolve',
    checks: () => [check('test', 'swift test')],
    disposable: () => ['.build'],
    covers: () => false,
  },
  {
    language: 'dart',
    files: ['pubspec.yaml'],
    setup: (at) => (isFlutter(at) ? 'flutter pub get' : 'dart pub get'),
    checks: (at) => [check('test', isFlutter(at) ? 'flutter test' : 'dart test')],
    disposable: () => ['.dart_tool', 'build'],
    covers: () => false,
  },
  {
    language: 'c',
    files: ['CMakeLists.txt'],
    setup: () => 'cmake -S . -B build',
    checks: (at) => {
      const build = 'cmake -S . -B build && cmake --build build';
      if (!/enable_testing|include\s*\(\s*CTest/i.test(at.text('CMakeLists.txt'))) return [check('build', build)];
      return [
        check(
          'test',
          `${build} && ctest --test-dir build --output-on-failure --output-junit test-report.xml`,
          'build/test-report.xml',
        ),
      ];
    },
    disposable: () => ['build'],
    covers: always,
  },
  {
    language: 'just',
    files: ['justfile', 'Justfile', '.justfile'],
    fits: (at) => ['justfile', 'Justfile', '.justfile'].some((file) => /^@?test\b[^=\n]*:(?!=)/m.test(at.text(file))),
    setup: () => null,
    checks: () => [check('test', 'just test')],
    disposable: nothing,
    covers: always,
  },
  {
    language: 'make',
    files: ['GNUmakefile', 'Makefile', 'makefile'],
    fits: (at) => makeTarget(at) !== null,
    setup: () => null,
    checks: (at) => [check('test', `make ${makeTarget(at)}`)],
    disposable: nothing,
    covers: always,
  },
];

/** These start what other tools do: where those are, their own commands say more. */
export const ONLY_ALONE: ReadonlySet<string> = new Set(['make', 'just']);

function makeTarget(at: Look): string | null {
  const files = ['GNUmakefile', 'Makefile', 'makefile'];
  return ['test', 'check'].find((target) => files.some((file) => hasTarget(at, file, target))) ?? null;
}

/** Patterns of `go test` reach no module but the one they are in: each is named. */
function goWork(at: Look): readonly ReturnType<typeof check>[] {
  const text = at.text('go.work').replace(/\/\/.*$/gm, '');
  const uses = [...text.matchAll(/^\s*use\s+(?:\(([^)]*)\)|(\S+))/gm)].flatMap(([, block, one]) =>
    (block ?? one ?? '').split(/\s+/),
  );
  const modules = uses.map((word) => word.replace(/^"(.*)"$/, '$1').replace(/\/$/, '')).filter((word) => word !== '');
  const patterns = modules.map((module) => (module === '.' ? './...' : `./${module.replace(/^\.\//, '')}/...`));
  return patterns.length === 0 ? [] : [{ name: 'test', ...withReport(`go test ${patterns.join(' ')}`, null) }];
}

const isRails = (at: Look): boolean => at.names.has('bin') && at.names.has('config.ru') && /\brails\b/.test(at.text('Gemfile'));
const isFlutter = (at: Look): boolean => /^\s*sdk:\s*flutter/m.test(at.text('pubspec.yaml'));

function rubyTest(at: Look): string {
  if (at.names.has('spec')) return 'bundle exec rspec';
  return isRails(at) ? 'bin/rails test' : 'bundle exec rake test';
}

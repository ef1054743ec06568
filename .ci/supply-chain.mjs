// Where dependencies come from and under which licences, without any tool but cargo, node and the lock files: crates
// and packages from their registries only, with checksums, under licences that deny.toml allows. Run by `make lint`.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const faults = [];
const allowed = new Set(
  /^allow = \[([^\]]*)\]/m
    .exec(readFileSync('deny.toml', 'utf8'))[1]
    .match(/"[^"]+"/g)
    .map((name) => name.slice(1, -1)),
);

/** Whether an SPDX expression leaves a choice that is allowed. Crates before SPDX write `/` for `OR`. */
function isAllowed(expression) {
  const tokens = expression.replaceAll('/', ' OR ').match(/\(|\)|[^\s()]+/g) ?? [];
  let at = 0;
  const either = () => {
    let good = both();
    while (tokens[at] === 'OR') (at++, (good = both() || good));
    return good;
  };
  const both = () => {
    let good = one();
    while (tokens[at] === 'AND') (at++, (good = one() && good));
    return good;
  };
  const one = () => {
    if (tokens[at] === '(') {
      at++;
      const good = either();
      at++;
      return good;
    }
    let name = tokens[at++];
    if (tokens[at] === 'WITH') name += ` WITH ${tokens[(at += 2) - 1]}`;
    return allowed.has(name);
  };
  return either() && at === tokens.length;
}

const target = /^host: (.*)$/m.exec(execFileSync('rustc', ['-vV'], { encoding: 'utf8' }))[1];
const metadata = JSON.parse(
  execFileSync('cargo', ['metadata', '--format-version=1', '--locked', `--filter-platform=${target}`], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  }),
);
const used = new Set(metadata.resolve.nodes.map((node) => node.id));
const crates = metadata.packages.filter((crate) => used.has(crate.id) && crate.source);
for (const { name, version, license, source } of crates) {
  if (!isAllowed(license ?? '')) faults.push(`crate ${name} ${version}: licence ${license ?? '(none)'} is not in deny.toml`);
  if (source !== 'registry+https://github.com/rust-lang/crates.io-index') faults.push(`crate ${name}: comes from ${source}`);
}

/** The packages of a lock file. */
function locked(file) {
  const packages = Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages).filter(([path]) => path !== '');
  for (const [path, entry] of packages) {
    if (!entry.integrity) faults.push(`package ${path}: no integrity in ${file}`);
    if (entry.resolved) faults.push(`package ${path}: ${file} names an address`);
  }
  return packages;
}

// What the tests of other products' clients use is not shipped.
locked('tests/compat/package-lock.json');
const packages = locked('dashboards/package-lock.json');
// Development tools are not shipped; axe-core is MPL-2.0, for one.
const shipped = packages.filter(([, entry]) => !entry.dev && !entry.devOptional);
for (const [path, entry] of shipped) {
  const known = entry.license === 'CC0-1.0' || isAllowed(entry.license ?? '');
  if (!known) faults.push(`package ${path}: licence ${entry.license ?? '(none)'} is not in deny.toml`);
}

for (const fault of faults) console.error(fault);
console.log(`supply chain: ${crates.length} crates, ${shipped.length} shipped packages, ${faults.length} faults`);
process.exitCode = faults.length > 0 ? 1 : 0;

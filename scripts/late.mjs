// Lets the joined files load some modules late: with the first call of one of their functions, from a CommonJS file of
// their topic, since `require` loads at once. What few runs need is not read by every process and thread then. In
// `src` nothing shows of it: a late module is written and imported as all others are. But only functions, classes that
// others do nothing but `new`, and plain literals can stand for themselves before they are there; all else that others
// import of a late module fails the build.
import { readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { rolldown } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';

const OPENER = '\0late';
const GIVEN = '\0given:';
const LOAD = 'loadTopic';

/** Whether an expression is made of literals alone. */
const isPlain = ({ type, regex, argument, left, right }) =>
  (type === 'Literal' && !regex) || (type === 'UnaryExpression' && isPlain(argument)) ||
  (type === 'BinaryExpression' && isPlain(left) && isPlain(right));

/** What an exported variable is for others. */
function kindOf(init, text) {
  if (init.type === 'ArrowFunctionExpression' || init.type === 'FunctionExpression') return { kind: 'function' };
  return isPlain(init) ? { kind: 'literal', text: text.slice(init.start, init.end) } : { kind: 'value' };
}

/** The path of a module of Assay as another names it. */
function pathOf(source, importer, dist) {
  if (source === '#platform') return join(dist, 'platform/node.js');
  return source.startsWith('.') ? join(dirname(importer), source) : null;
}

/** Reads a module: what it imports, what it loads by `import()`, what it exports, and why it cannot be late. */
function readModule(path, dist) {
  const text = readFileSync(path, 'utf8');
  const name = relative(dist, path).split(sep).join('/').slice(0, -'.js'.length);
  const module = { path, name, text, imports: [], loads: [], exports: new Map(), odd: null };
  for (const { type, source, specifiers = [], declaration } of parseAst(text).body) {
    const from = source ? pathOf(source.value, path, dist) : null;
    if (/^Export(All|Default)Declaration$/.test(type)) module.odd = 'it exports in an unusual way';
    if (source && !from && !source.value.startsWith('node:')) module.odd = `it needs ${source.value}`;
    if (from && specifiers.length === 0) module.imports.push({ from, imported: null, local: null });
    for (const s of from ? specifiers : []) {
      const imported = type === 'ExportNamedDeclaration' ? s.local.name : s.imported?.name ?? '*';
      module.imports.push({ from, imported, local: type === 'ExportNamedDeclaration' ? null : s.local.name });
    }
    if (type !== 'ExportNamedDeclaration') continue;
    for (const s of specifiers) module.exports.set(s.exported.name, { kind: 'value' });
    if (declaration?.type === 'FunctionDeclaration') module.exports.set(declaration.id.name, { kind: 'function' });
    if (declaration?.type === 'ClassDeclaration') module.exports.set(declaration.id.name, { kind: 'class' });
    for (const d of declaration?.declarations ?? []) module.exports.set(d.id.name, kindOf(d.init, text));
  }
  for (const [, source, used] of text.matchAll(/\bimport\(\s*['"](\.[^'"]+)['"]\s*\)(?:\)\.(\w+))?/g)) {
    module.loads.push({ from: pathOf(source, path, dist), imported: used ?? '*' });
    module.odd ??= 'it loads others';
  }
  if (/\bimport\.meta\b/.test(text)) module.odd = 'it asks for its own address';
  return module;
}

/** All modules that entries need, by their paths. */
function readModules(dist, entries) {
  const modules = new Map();
  const visit = (path) => {
    if (modules.has(path)) return;
    const module = readModule(path, dist);
    modules.set(path, module);
    for (const { from } of [...module.imports, ...module.loads]) visit(from);
  };
  entries.forEach(visit);
  return modules;
}

/** Whether patterns mean a module: a star stands for all names in a folder, and what begins with `!` is left out. */
function areFor(patterns, name) {
  const isMeant = (pattern) => new RegExp(`^${pattern.replaceAll('*', '[^/]*')}$`).test(name);
  return patterns.some((p) => p[0] !== '!' && isMeant(p)) && !patterns.some((p) => p[0] === '!' && isMeant(p.slice(1)));
}

/** The paths that are reached from some, as far as `into` goes on. */
function reach(modules, from, into) {
  const found = new Set();
  const visit = (path) => {
    if (found.has(path)) return;
    found.add(path);
    const { imports, loads } = modules.get(path);
    for (const target of [...imports, ...loads]) if (into(target.from)) visit(target.from);
  };
  from.forEach(visit);
  return found;
}

/**
 * The topic of each late module by its path: those that are listed, and what one topic alone needs. What several
 * topics need and none lists is not late.
 */
function assign(modules, entries, topics) {
  const listed = new Map();
  for (const [topic, patterns] of Object.entries(topics)) {
    for (const pattern of patterns) {
      const bare = pattern.replace('!', '');
      const isThere = [...modules.values()].some(({ name }) => areFor([bare], name));
      if (!isThere) throw new Error(`late: '${pattern}' of '${topic}' means no module`);
    }
    for (const { path, name } of modules.values()) {
      if (!areFor(patterns, name)) continue;
      if (listed.has(path)) throw new Error(`late: ${name} is listed twice`);
      listed.set(path, topic);
    }
  }
  const roots = [...entries];
  for (;;) {
    const atOnce = reach(modules, roots, (path) => !listed.has(path));
    const needing = new Map();
    for (const topic of Object.keys(topics)) {
      const own = [...listed.keys()].filter((path) => listed.get(path) === topic);
      for (const path of reach(modules, own, (to) => !atOnce.has(to) && (listed.get(to) ?? topic) === topic)) {
        needing.set(path, [...(needing.get(path) ?? []), topic]);
      }
    }
    const shared = [...needing].filter(([, of]) => of.length > 1).map(([path]) => path);
    if (shared.length === 0) return new Map(Array.from(needing, ([path, [topic]]) => [path, topic]));
    roots.push(...shared);
  }
}

/** Whether a module does nothing with a class but to make instances. */
function onlyMakes({ text }, local) {
  if (local === null) return false;
  return [...text.matchAll(new RegExp(`(\\bnew\\s+|\\bimport\\b[^;]*)?\\b${local}\\b`, 'g'))].every((m) => m[1]);
}

/**
 * The late modules of a build: a plugin that puts calls that load in their places, `write`, which makes what a topic
 * loads, and `readWith`, which says what is read at once.
 */
export function lateModules({ dist, entries, topics }) {
  const modules = readModules(dist, entries);
  const late = assign(modules, entries, topics);
  const ofTopic = (topic) => [...modules.values()].filter(({ path }) => late.get(path) === topic);

  /** The names that others use of late modules, by path. */
  const used = new Map();
  const wrong = [];
  for (const module of modules.values()) {
    const topic = late.get(module.path);
    if (topic !== undefined && module.odd) wrong.push(`${module.name} cannot be late: ${module.odd}`);
    for (const { from, imported, local = null } of [...module.imports, ...module.loads]) {
      if (!late.has(from) || late.get(from) === topic) continue;
      const { name, exports } = modules.get(from);
      const kind = exports.get(imported)?.kind;
      const isRight = kind === 'function' || kind === 'literal' || (kind === 'class' && onlyMakes(module, local));
      if (!isRight) wrong.push(`${module.name} imports ${imported} of ${name}, which cannot be late`);
      used.set(from, new Set([...(used.get(from) ?? []), imported]));
    }
  }
  if (wrong.length > 0) throw new Error(`late:\n  ${wrong.join('\n  ')}`);

  /** What a topic needs of others, each by a short name. */
  const needs = (topic) => {
    const list = new Map();
    for (const { imports } of ofTopic(topic)) {
      for (const { from, imported } of imports) {
        const key = `${from} ${imported}`;
        if (late.get(from) !== topic && !list.has(key)) list.set(key, { from, imported, as: `d${list.size}` });
      }
    }
    return [...list.values()];
  };
  const kindIn = ({ from, imported }) => modules.get(from).exports.get(imported)?.kind;
  const isLoading = (need) => late.has(need.from) && kindIn(need) !== 'literal';
  /** What a topic gives to others, each by a name of its own. */
  const gives = (topic) =>
    ofTopic(topic).flatMap(({ path, exports }, i) =>
      [...(used.get(path) ?? [])].map((name) => ({ path, name, ...exports.get(name), as: `${name}_${i}` })));

  /** A module whose functions load their topic, and are the real ones from then on. */
  const standIn = (path) => {
    const topic = late.get(path);
    const mine = gives(topic).filter((given) => given.path === path);
    const real = mine.filter(({ kind }) => kind !== 'literal');
    const call = (kind, name) => `${kind === 'class' ? 'new ' : ''}${name}(...args)`;
    return [
      `import { open } from '${OPENER}:${topic}';`,
      ...mine.filter(({ kind }) => kind === 'literal').map(({ name, text }) => `export const ${name} = ${text};`),
      ...real.map(({ name, kind }) => `export function ${name}(...args) { ${LOAD}(); return ${call(kind, name)}; }`),
      `export function ${LOAD}() { const made = open(); ${real.map(({ name, as }) => `${name} = made.${as};`).join(' ')} }`,
    ].join('\n');
  };
  /** What opens a topic with all that it needs; what is late itself is loaded when it is first called. */
  const opener = (topic) => {
    const list = needs(topic);
    return [
      `import { createRequire } from 'node:module';`,
      `import { fileURLToPath } from 'node:url';`,
      ...list.map(({ from, imported, as }) =>
        `import ${imported === '*' ? `* as ${as}` : `{ ${imported} as ${as} }`} from '${from}';`),
      ...list.filter(isLoading).map(({ from, as }) => `import { ${LOAD} as load_${as} } from '${from}';`),
      'let made, isLoading = false;',
      'export function open() {',
      'if (made) return made;',
      `if (isLoading) throw new Error('late: ${topic} needs itself to be loaded');`,
      'isLoading = true;',
      'try {',
      // so written, those find the file that trace what a program needs
      `const path = fileURLToPath(new URL('./late/${topic}.cjs', import.meta.url));`,
      'return made = createRequire(import.meta.url)(path)({',
      ...list.map((need) => `  ${need.as}${isLoading(need) ? `: () => (load_${need.as}(), ${need.as})` : ''},`),
      '}); } finally { isLoading = false; } }',
    ].join('\n');
  };
  const plugin = {
    name: 'late',
    resolveId: (id) => (id.startsWith(OPENER) ? id : null),
    load(id) {
      if (id.startsWith(OPENER)) return opener(id.slice(OPENER.length + 1));
      return late.has(id) ? standIn(id) : null;
    },
  };

  /** The text of a topic: a function that takes what the topic needs. */
  const write = async (topic) => {
    const list = needs(topic);
    /** A module that is not of the topic, as far as the topic needs it. */
    const given = (path) => {
      const mine = list.filter(({ from }) => from === path);
      const all = mine.find(({ imported }) => imported === '*');
      if (all) {
        return [...modules.get(path).exports.keys()].map((name) => `export const ${name} = given.${all.as}.${name};`).join('\n');
      }
      return mine.map((need) => {
        const { imported: name, as } = need;
        if (!isLoading(need)) return `export const ${name} = given.${as};`;
        const called = `${kindIn(need) === 'class' ? 'new ' : ''}(${name} = given.${as}())(...args)`;
        return `export let ${name} = function (...args) { return ${called}; };`;
      }).join('\n');
    };
    const bundle = await rolldown({
      input: '\0entry',
      platform: 'node',
      external: /^(?:node:|[^./\0#])/,
      plugins: [{
        name: 'given',
        resolveId(id, importer) {
          if (id === '\0entry') return id;
          const path = pathOf(id, importer, dist) ?? id;
          if (!modules.has(path)) return null;
          return late.get(path) === topic ? path : GIVEN + modules.get(path).name;
        },
        load(id) {
          if (id === '\0entry') {
            return gives(topic).map(({ path, name, as }) => `export { ${name} as ${as} } from '${path}';`).join('\n');
          }
          return id.startsWith(GIVEN) ? given(join(dist, `${id.slice(GIVEN.length)}.js`)) : null;
        },
      }],
    });
    const { output } = await bundle.generate({ format: 'cjs', comments: false });
    await bundle.close();
    if (output.length !== 1) throw new Error(`late: ${topic} became ${output.length} files`);
    return `'use strict';\nmodule.exports = ((given) => {\nconst exports = {};\n${output[0].code}\nreturn exports;\n});\n`;
  };

  /** The ids of what is read with an entry; `loads`: and by `import()` later. */
  const readWith = (entry, { loads: areLoads = false } = {}) => {
    const found = new Set();
    const visit = (path) => {
      if (found.has(path)) return;
      found.add(path);
      const topic = late.get(path);
      if (topic !== undefined) found.add(`${OPENER}:${topic}`);
      const { imports, loads } = modules.get(path);
      for (const { from } of topic === undefined ? imports : needs(topic)) visit(from);
      if (areLoads) for (const { from } of loads) visit(from);
    };
    visit(entry);
    return found;
  };
  return { plugin, topics: Object.keys(topics), write, readWith };
}

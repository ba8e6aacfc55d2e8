// Drives Node (V8) as `worker.rs` drives an engine that is a crate: a task in JSON goes in, a record comes out, and
// times are taken in the same places. `node [flags] --no-warnings node.mjs TASK RECORD`.

import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { WASI } from 'node:wasi';

const [taskFile, recordFile] = process.argv.slice(2);
const [kind, task] = Object.entries(JSON.parse(readFileSync(taskFile, 'utf8')))[0];

const now = () => process.hrtime.bigint();
const since = (start) => Number(process.hrtime.bigint() - start);
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
};

const record = {
  load_ns: null, instantiate_ns: [], iterations_ns: [], batches_ns: [], cpu_ns: 0, count: 0, process_cpu_ns: 0,
  peak_bytes: 0, exit: null, values: null, memory: null, outputs: [],
};

// FNV-1a of 32 bits from two starting points, as in `fingerprint.rs`.
function fingerprint(bytes) {
  let [first, second] = [0x811c9dc5, 0x12345678];
  for (let at = 0; at < bytes.length; at++) {
    first = Math.imul(first ^ bytes[at], 0x01000193);
    second = Math.imul(second ^ bytes[at], 0x01000193);
  }
  const hex = (word) => (word >>> 0).toString(16).padStart(8, '0');
  return hex(first) + hex(second);
}

const view = new DataView(new ArrayBuffer(8));

// `i32:0xff` and so on, as in `value.rs`.
function value(text) {
  const [type, digits] = text.split(':');
  view.setBigUint64(0, BigInt(digits), true);
  switch (type) {
    case 'i32': return view.getInt32(0, true);
    case 'i64': return view.getBigInt64(0, true);
    case 'f32': return view.getFloat32(0, true);
    default: return view.getFloat64(0, true);
  }
}

function written(type, result) {
  view.setBigUint64(0, 0n, true);
  switch (type) {
    case 'i32': view.setInt32(0, result, true); break;
    case 'i64': view.setBigInt64(0, result, true); break;
    case 'f32': view.setFloat32(0, result, true); break;
    default: view.setFloat64(0, result, true);
  }
  return `${type}:0x${view.getBigUint64(0, true).toString(16)}`;
}

function results(types, result) {
  if (types.length === 0) return [];
  const list = types.length === 1 ? [result] : [...result];
  return list.map((one, at) => written(types[at], one));
}

function load(file) {
  const start = now();
  const module = new WebAssembly.Module(readFileSync(file));
  record.load_ns = since(start);
  return module;
}

// What one instance is given. `streams` are the descriptors of its standard streams.
function surroundings(module, program, streams) {
  const froms = new Set(WebAssembly.Module.imports(module).map((one) => one.module));
  const region = { started: null, taken: null };
  const imports = {
    bench: {
      start: () => { region.started = now(); },
      end: () => { if (region.started !== null) region.taken = since(region.started); },
    },
    host: { call: (number) => number },
  };
  let wasi = null;
  for (const [name, version] of [['wasi_snapshot_preview1', 'preview1'], ['wasi_unstable', 'unstable']]) {
    if (!froms.has(name) && !(wasi === null && version === 'preview1')) continue;
    const words = [program.name];
    if (program.entry.command) words.push(...program.entry.command.args);
    wasi = new WASI({
      version, args: words, env: Object.fromEntries(program.env), returnOnExit: true,
      preopens: Object.fromEntries(program.dirs.map((dir) => [dir.guest, dir.host])),
      stdin: streams[0], stdout: streams[1], stderr: streams[2],
    });
    imports[name] = wasi.wasiImport;
  }
  return { imports, region, wasi };
}

function instantiate(module, program, streams) {
  const start = now();
  const { imports, region, wasi } = surroundings(module, program, streams);
  const instance = new WebAssembly.Instance(module, imports);
  record.instantiate_ns.push(since(start));
  return { instance, region, wasi };
}

function runCommand(module, program, streams) {
  const start = now();
  const { instance, region, wasi } = instantiate(module, program, streams);
  const exit = wasi.start(instance) ?? 0;
  const whole = since(start);
  record.iterations_ns.push(region.taken ?? whole);
  return exit;
}

// An instance with its export and the arguments for it.
function prepared(module, program) {
  const { instance, wasi } = instantiate(module, program, [0, 1, 2]);
  if (instance.exports._initialize) {
    if (instance.exports.memory) wasi.initialize(instance);
    else instance.exports._initialize();
  }
  const { name, args, results: types } = program.entry.export;
  return { instance, call: instance.exports[name], args: args.map(value), types };
}

function first(instance, types, result) {
  record.values = results(types, result);
  const { memory } = instance.exports;
  if (memory instanceof WebAssembly.Memory) record.memory = fingerprint(new Uint8Array(memory.buffer));
}

function repeatCommand(module, { program, how, stdout }) {
  const start = now();
  while (record.iterations_ns.length < how.iterations_max
    && (record.iterations_ns.length < how.iterations_min || since(start) < how.seconds * 1e9)) {
    const streams = [openSync(program.stdin ?? '/dev/null', 'r'), openSync(stdout, 'w'), 2];
    const exit = runCommand(module, program, streams);
    if (record.exit !== null && record.exit !== exit) throw new Error(`exit code ${exit}, and another one before`);
    record.exit = exit;
    closeSync(streams[0]);
    closeSync(streams[1]);
    const output = fingerprint(readFileSync(stdout));
    if (!record.outputs.includes(output)) record.outputs.push(output);
  }
  record.count = record.iterations_ns.length;
}

function repeatExport(module, { program, how }) {
  const start = now();
  const { instance, call, args, types } = prepared(module, program);
  const times = record.iterations_ns;
  while (times.length < how.iterations_max
    && (times.length < how.iterations_min || since(start) < how.seconds * 0.5e9)) {
    const before = now();
    const result = call(...args);
    times.push(since(before));
    if (record.values === null) first(instance, types, result);
  }
  record.count = times.length;
  const last = times.slice(times.length >> 1).sort((a, b) => a - b);
  const typical = Math.max(last[last.length >> 1], 1);
  const size = Math.min(Math.max(Math.floor(1e6 / typical), 1), 1e6);
  while (record.batches_ns.length === 0
    || (record.batches_ns.length < 1000 && since(start) < how.seconds * 1e9)) {
    const before = now();
    for (let at = 0; at < size; at++) call(...args);
    record.batches_ns.push(since(before) / size);
    record.count += size;
  }
}

let exit = 0;
switch (kind) {
  case 'once': {
    const module = load(task.code);
    if (task.program.entry.command) {
      exit = record.exit = runCommand(module, task.program, [0, 1, 2]);
    } else {
      const { instance, call, args, types } = prepared(module, task.program);
      const start = now();
      const result = call(...args);
      record.iterations_ns.push(since(start));
      first(instance, types, result);
    }
    break;
  }
  case 'repeat': {
    const module = load(task.code);
    const before = cpu();
    if (task.program.entry.command) repeatCommand(module, task);
    else repeatExport(module, task);
    record.cpu_ns = cpu() - before;
    for (let at = 0; at < task.how.instances; at++) instantiate(module, task.program, [0, 1, 2]);
    break;
  }
  case 'host-call': {
    const module = load(task.code);
    const instance = new WebAssembly.Instance(module, { host: { call: (number) => number } });
    let sum = 0;
    for (let at = 0; at < task.batches; at++) {
      const start = now();
      sum = instance.exports.run(task.calls);
      record.batches_ns.push(since(start) / task.calls);
    }
    record.values = [written('i32', sum)];
    break;
  }
  default:
    throw new Error(`Node does no task \`${kind}\``);
}
record.process_cpu_ns = cpu();
record.peak_bytes = process.resourceUsage().maxRSS * 1024;
writeFileSync(recordFile, JSON.stringify(record));
process.exit(exit);

// Reads kernel stores with zarrita and compares every value with the .npy export of the same kernel.
//
//   node check.mjs KERNEL.zarr EXPORT.npy     one kernel
//   node check.mjs FOLDER                     every NAME.zarr in it, with NAME.npy beside it
//
// Prints one line per kernel. Exits with status 1 on the first difference: a value, a NaN, a shape, a type, a
// checksum (which zarrita skips), or a chunk that is missing.

import "./float16.mjs";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FileSystemStore } from "@zarrita/storage";
import * as zarr from "zarrita";

const ARRAYS = { f2: globalThis.Float16Array, f4: Float32Array, f8: Float64Array };
const TYPES = { f2: "float16", f4: "float32", f8: "float64" };

class Difference extends Error {}

function expectEqual(what, found, expected) {
  if (!Object.is(found, expected)) throw new Difference(`${what} is ${found}, expected ${expected}`);
}

/** The array in a .npy file of format 1.0, little-endian, C order. */
function readNpy(file) {
  const bytes = readFileSync(file);
  expectEqual(`${file}: the magic`, bytes.toString("latin1", 0, 8), "\x93NUMPY\x01\x00");
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString("latin1", 10, start);
  const fields = /'descr': '<(f[248])', 'fortran_order': False, 'shape': \((\d+), (\d+)\)/.exec(header);
  if (!fields) throw new Difference(`${file}: the header is ${header.trim()}`);
  const [, type, rows, columns] = fields;
  const content = bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length);
  const data = new ARRAYS[type](content);
  expectEqual(`${file}: the number of values`, data.length, rows * columns);
  return { type: TYPES[type], rows: Number(rows), columns: Number(columns), data };
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/** The CRC-32C of all bytes but the last four must be the last four. */
function checkChecksum(file) {
  const bytes = readFileSync(file);
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length - 4; i++) crc = CRC_TABLE[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  expectEqual(`${file}: the checksum`, bytes.readUInt32LE(bytes.length - 4), ~crc >>> 0);
}

async function check(storePath, npyPath) {
  const array = await zarr.open.v3(new FileSystemStore(storePath), { kind: "array" });
  const npy = readNpy(npyPath);
  const [rows, columns] = array.shape;
  expectEqual(`${npyPath}: rows`, npy.rows, rows);
  expectEqual(`${npyPath}: columns`, npy.columns, columns);
  expectEqual(`${npyPath}: the type`, npy.type, array.dtype);
  const upper = array.attrs.kernel.triangle === "upper";
  const [height, width] = array.chunks;

  let values = 0;
  const compare = (r, c, value) => {
    const exported = npy.data[r * columns + c];
    if (Number.isNaN(value) || !Object.is(value, exported)) {
      throw new Difference(`(${r}, ${c}) is ${value} by zarrita, ${exported} in the .npy file`);
    }
    values++;
  };
  for (let i = 0; i * height < rows; i++) {
    for (let j = 0; j * width < columns; j++) {
      const { data } = await array.getChunk([i, j]);
      if (upper && i > j) {
        // Not stored: must read as NaN, never as numbers.
        if (!data.every(Number.isNaN)) throw new Difference(`chunk ${i}/${j} below the diagonal is not NaN`);
        continue;
      }
      checkChecksum(join(storePath, "c", `${i}`, `${j}`));
      for (let r = 0; r < Math.min(height, rows - i * height); r++) {
        for (let c = 0; c < Math.min(width, columns - j * width); c++) {
          const value = data[r * width + c];
          compare(i * height + r, j * width + c, value);
          if (upper && i < j) compare(j * width + c, i * height + r, value);
        }
      }
    }
  }
  expectEqual("the number of values compared", values, rows * columns);
  return `${storePath}: ${rows} x ${columns} ${array.dtype}${upper ? ", upper triangle" : ""}: ${values} values equal`;
}

function pairs([first, second]) {
  if (second) return [[first, second]];
  const names = readdirSync(first).filter((name) => name.endsWith(".zarr")).sort();
  if (names.length === 0) throw new Difference(`${first} holds no .zarr`);
  return names.map((name) => [join(first, name), join(first, name.replace(/zarr$/, "npy"))]);
}

const paths = process.argv.slice(2);
if (paths.length < 1 || paths.length > 2 || !paths.every((path) => existsSync(path))) {
  console.error("usage: node check.mjs KERNEL.zarr EXPORT.npy | node check.mjs FOLDER");
  process.exit(2);
}
try {
  for (const [store, npy] of pairs(paths)) console.log(await check(store, npy));
} catch (error) {
  console.error(error instanceof Difference ? `zarrita check: ${error.message}` : error);
  process.exit(1);
}

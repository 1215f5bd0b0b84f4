// Where Node has no Float16Array (before version 24), one for zarrita: it takes the bytes of halves and holds
// their values as floats. Only what reading needs.

function halfToNumber(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

class HalvesAsFloats extends Float32Array {
  static get BYTES_PER_ELEMENT() {
    return 2;
  }
  get BYTES_PER_ELEMENT() {
    return 2;
  }
  constructor(source, offset = 0, length = undefined) {
    if (source instanceof ArrayBuffer) {
      const bits = new Uint16Array(source, offset, length);
      super(bits.length);
      for (let i = 0; i < bits.length; i++) this[i] = halfToNumber(bits[i]);
    } else {
      super(source);
    }
  }
}

globalThis.Float16Array ??= HalvesAsFloats;

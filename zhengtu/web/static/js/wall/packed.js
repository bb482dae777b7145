// Reads the binary answers of /wall/states and /wall/days; their layout stands in zhengtu/web/wall/packing.py.

const KINDS = { u1: Uint8Array, u2: Uint16Array, i4: Int32Array };

/** The head of a packed answer and, by area, its arrays. Throws when the bytes are something else. */
export function unpack(buffer) {
  const bytes = new Uint8Array(buffer);
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== "ZTW1") throw new Error("not a packed answer");
  const start = 8 + new DataView(buffer).getUint32(4, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)));
  const areas = new Map();
  for (const area of head.areas) {
    const arrays = {};
    for (const [name, { type, at, length }] of Object.entries(area.arrays)) {
      const values = new KINDS[type.replace("d", "")](buffer, start + at, length);
      if (type.startsWith("d")) for (let i = 1; i < length; i++) values[i] += values[i - 1];
      arrays[name] = values;
    }
    areas.set(area.key, arrays);
  }
  return { head, areas };
}

export async function fetchPacked(url) {
  const answer = await fetch(url, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return unpack(await answer.arrayBuffer());
}
